package icecat

import "context"

// ProcessAction is what Process did.
type ProcessAction uint32

const (
	Processed        ProcessAction = 1 // Judged now.
	ProcessedBefore  ProcessAction = 2 // Was already judged; an unfinished move was finished.
	ProcessedRefused ProcessAction = 3 // Cannot be judged, for good: recorded as failed, moved.
)

// ProcessResult is what Process made of one object.
type ProcessResult struct {
	Action      ProcessAction
	Batch       BatchID // 0 when the key is not one of ours.
	Fingerprint string
	IsCat       bool    // The label was found.
	Confidence  float64 // Percent; of the label when found, else 0.
	LabelCount  int     // Labels that Rekognition gave.
	FailCode    string  // Why it was refused; "" otherwise.
}

// Process judges one uploaded object, as the Lambda function does: it reads its header, asks Rekognition, records the
// verdict and moves the object. Repeating it is safe. key is that of the event, URL-decoded; WithProcessBuckets is needed.
//
// ErrKey: the key is not one that Submit writes; the object was moved to the fail bucket. ErrCollision: another client's
// record has the same batch and fingerprint; nothing was changed. After any other error the object is not settled
// yet.
func (c *Client) Process(ctx context.Context, bucket, key string) (ProcessResult, error) {
	f, err := c.beginPipeline(ctx, "Process")
	if err != nil {
		return ProcessResult{}, err
	}
	defer f.end()
	f.text(bucket)
	f.text(key)
	if err := f.run(opProcess, nil); err != nil {
		return ProcessResult{}, err
	}
	r := f.read()
	return ProcessResult{Action: ProcessAction(r.number()), Batch: BatchID(r.number()), Confidence: r.real(),
		IsCat: r.bool(), LabelCount: r.int(), Fingerprint: r.text(), FailCode: r.text()}, nil
}

// Forget removes the record of an object that is gone from the destination or the fail bucket, so that the table names only
// objects that are there. It tells whether a record was removed. Repeating it is safe.
func (c *Client) Forget(ctx context.Context, bucket, key string) (bool, error) {
	f, err := c.beginPipeline(ctx, "Forget")
	if err != nil {
		return false, err
	}
	defer f.end()
	f.text(bucket)
	f.text(key)
	if err := f.run(opForget, nil); err != nil {
		return false, err
	}
	r := f.read()
	return r.bool(), nil
}
