//go:build go1.23

package icecat_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"icecat.invalid/icecat"
	"icecat.invalid/icecat/internal/testlocal"
)

func TestRangeOverResults(t *testing.T) {
	client := clientOf(t, needLocal(t))
	ctx := within(t, time.Minute)
	report, err := client.SubmitMany(ctx, testlocal.Folder(t, 3), nil)
	must(t, err)
	_, err = client.Wait(ctx, report, nil)
	must(t, err)
	seen := 0
	for result, err := range client.Results(ctx, report, nil) {
		must(t, err)
		if result.Batch != report.Batch {
			t.Errorf("%+v", result)
		}
		if seen++; seen == 2 {
			break
		}
	}
	items := client.Query(ctx, local.Env["DYNAMODB_TABLE_NAME"], "batch_id = :b", &icecat.ItemOptions{Values: icecat.Item{":b": report.Batch}})
	for round := 0; round < 2; round++ { // each asks again
		for _, err := range items {
			must(t, err)
			seen++
		}
	}
	if seen != 2+2*3 {
		t.Errorf("%d were seen", seen)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	for _, err := range client.Results(ended, report, nil) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		seen = -1
	}
	if seen != -1 {
		t.Error("an ended context gave nothing, not even an error")
	}
	batch, err := icecat.NewBatch()
	must(t, err)
	defer batch.Close()
	must(t, batch.Add(record(0)))
	for one := range batch.All() {
		seen = int(one.Size)
	}
	if seen != 1 {
		t.Errorf("%d", seen)
	}
}

// The cause of a cancellation is in the error.
func TestCauses(t *testing.T) {
	client := clientOf(t, testlocal.Need(t, "--latency-ms", "20000"))
	why := errors.New("the user left")
	ctx, cancel := context.WithCancelCause(context.Background())
	time.AfterFunc(20*time.Millisecond, func() { cancel(why) })
	err := client.DeleteObject(ctx, "icecat-dest", "k")
	if !errors.Is(err, why) || !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if err := client.DeleteObject(ctx, "icecat-dest", "k"); !errors.Is(err, why) || !errors.Is(err, context.Canceled) {
		t.Errorf("again: %v", err)
	}
}
