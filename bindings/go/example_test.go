package icecat_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"sort"
	"strings"
	"time"

	"icecat.invalid/icecat"
)

// The examples run against an icecat-local, whose settings are in the environment.
const samples = "../../examples/samples/"

func Example() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	client, err := icecat.New(ctx, icecat.WithClientID("example"))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	report, err := client.SubmitMany(ctx, []string{samples + "tabby.jpg", samples + "dog.jpg"}, nil)
	if err != nil {
		log.Fatal(err)
	}
	results, err := client.Wait(ctx, report, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, result := range results {
		fmt.Println(result.FileName, result.IsCat)
	}
	// Unordered output:
	// tabby.jpg true
	// dog.jpg false
}

func ExampleValidate() {
	info, err := icecat.Validate(icecat.File(samples+"daisy.jpg"), nil)
	fmt.Println(info.Format, errors.Is(err, icecat.ErrImageFormat))
	info, err = icecat.Validate(icecat.File(samples+"tabby.jpg"), &icecat.ImageOptions{Profile: icecat.ProfileBytes})
	fmt.Println(info.Format, info.Width, info.Height, err)
	// Output:
	// webp true
	// jpeg 640 720 <nil>
}

func ExampleClient_DetectLabels() {
	ctx := context.Background()
	client, err := icecat.New(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	found, err := client.DetectLabels(ctx, icecat.File(samples+"tabby.jpg"), nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(found.IsCat)
	// Output: true
}

// One image that is not sound does not stop the others: it is in the report with its error.
func ExampleClient_SubmitMany() {
	ctx := context.Background()
	client, err := icecat.New(ctx, icecat.WithClientID("example"), icecat.WithMaxConnections(4))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	paths := []string{samples + "siamese.png", samples + "notes.png"}
	report, err := client.SubmitMany(ctx, paths, &icecat.SubmitOptions{
		Progress: func(counts icecat.SubmitCounts) error { return nil }, // an error would stop the call
	})
	if err != nil && !errors.Is(err, icecat.ErrPartial) {
		log.Fatal(err)
	}
	for _, one := range report.Submissions {
		fmt.Println(one.FileName, one.Action)
	}
	// Unordered output:
	// siamese.png submitted
	// notes.png rejected
}

func ExampleError() {
	ctx := context.Background()
	client, err := icecat.New(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	_, err = client.GetObject(ctx, "icecat-dest", "no such key", nil)
	var failure *icecat.Error
	switch {
	case errors.Is(err, icecat.ErrThrottled):
		fmt.Println("later")
	case errors.As(err, &failure):
		fmt.Println(failure.AWSCode, failure.HTTPStatus, failure.Retryable, errors.Is(err, icecat.ErrNotFound))
	}
	// Output: NoSuchKey 404 false true
}

func ExampleClient_Query() {
	ctx := context.Background()
	client, err := icecat.New(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	batch := icecat.BatchID(1744377772000001)
	for _, name := range []string{"a", "b"} {
		item := icecat.Item{"batch_id": batch, "img_fprint": strings.Repeat(name, 64), "note": name}
		if err := client.PutItem(ctx, "icecat-results", item, nil); err != nil {
			log.Fatal(err)
		}
	}
	items, err := client.Query(ctx, "icecat-results", "batch_id = :b",
		&icecat.ItemOptions{Values: icecat.Item{":b": batch}}).Collect()
	if err != nil {
		log.Fatal(err)
	}
	sort.Slice(items, func(i, j int) bool { return items[i]["note"].(string) < items[j]["note"].(string) })
	for _, item := range items {
		fmt.Println(item["note"], item["batch_id"])
	}
	// Output:
	// a 1744377772000001
	// b 1744377772000001
}

func ExampleSign() {
	request, err := http.NewRequest("GET", "https://examplebucket.s3.amazonaws.com/test.txt", nil)
	if err != nil {
		log.Fatal(err)
	}
	signed, err := icecat.Sign(&icecat.SignRequest{Method: request.Method, URL: request.URL.String(), Header: request.Header},
		&icecat.SignOptions{Region: "us-east-1", Service: "s3", Time: time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC),
			Keys: icecat.Keys{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}})
	if err != nil {
		log.Fatal(err)
	}
	signed.Header(request.Header.Set)
	fmt.Println(request.Header.Get("X-Amz-Date"), signed.SignedHeaders)
	// Output: 20130524T000000Z host;x-amz-content-sha256;x-amz-date
}

// A function gives the keys, from a vault for instance, in the place of the chain of the AWS SDKs.
func ExampleNewProviderCredentials() {
	source, err := icecat.NewProviderCredentials(func(ctx context.Context) (icecat.Keys, error) {
		return icecat.Keys{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
			Expires: time.Now().Add(time.Hour)}, nil
	}, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer source.Close()
	findings, err := source.Report(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(findings[0].Source, findings[0].AccessKeyID, findings[0].Outcome == icecat.Used)
	// Output: callback AKIAIOSFODNN7EXAMPLE true
}
