// Package icecat answers one question on AWS: is there a cat in this picture?
//
// It wraps libicecat. Images are checked on this machine, uploaded to Amazon S3, and the verdicts of the Lambda
// function are read from DynamoDB; Amazon Rekognition can be asked directly, too.
//
//	client, err := icecat.New(ctx, icecat.WithRegion("eu-west-1"))
//	if err != nil {
//		return err
//	}
//	defer client.Close()
//	report, err := client.SubmitMany(ctx, []string{"tabby.jpg", "dog.jpg"}, nil)
//	if err != nil {
//		return err
//	}
//	results, err := client.Wait(ctx, report, nil)
//
// # Calls
//
// Every call that sends requests takes a context; its deadline bounds the whole call with its retries, and
// its cancellation ends the call within 100 ms. Nothing of a call runs any more when it has returned. Options are
// pointers to structs; nil, and zero in any field, mean the default.
//
// A Client may be shared by any number of goroutines. A call occupies an operating system's thread while it
// runs, as every cgo call does.
//
// # Errors
//
// Every error of the library is an *Error. Its status is compared with errors.Is:
//
//	errors.Is(err, icecat.ErrNotFound)
//	errors.Is(err, context.DeadlineExceeded)
//
// # Functions that are called back
//
// They run on the goroutine of the call that they belong to, while it waits in C. An error that one returns
// ends the call, and is found in the call's error by errors.Is and errors.As. A panic in one goes on in the
// call. They must not call runtime.Goexit, which the FailNow of a test does.
//
// # Iterators
//
// A call that gives many values gives a function to range over (since Go 1.23):
//
//	for result, err := range client.Results(ctx, report, nil) { ... }
//
// Requests are sent when it is ranged over. Collect gives all values as a slice.
package icecat
