package icecat_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"
	"time"

	"icecat.invalid/icecat"
	"icecat.invalid/icecat/internal/testlocal"
)

// resident is this process's memory in bytes, as the kernel counts it.
func resident(t *testing.T) int64 {
	t.Helper()
	debug.FreeOSMemory()
	text, err := os.ReadFile("/proc/self/statm")
	must(t, err)
	pages, err := strconv.ParseInt(string(bytes.Fields(text)[1]), 10, 64)
	must(t, err)
	return pages * int64(os.Getpagesize())
}

// expectFlat runs something often, and looks at what it leaves behind. What grows only once, as pools and caches do, is no
// leak: a leak grows in every round.
func expectFlat(t *testing.T, times int, work func(i int)) {
	t.Helper()
	if isRace {
		t.Skip("the race detector keeps memory of its own")
	}
	if testing.Short() {
		t.Skip("leaks take long to see")
	}
	const rounds, mostGrowth = 4, 1 << 20
	for i := 0; i < times/4; i++ {
		work(i)
	}
	goroutines, grown := runtime.NumGoroutine(), int64(0)
	for round := 0; round < rounds; round++ {
		before := resident(t)
		for i := 0; i < times; i++ {
			work(i)
		}
		grown = resident(t) - before
		t.Logf("%d times: %d kB before, %d kB more after", times, before>>10, grown>>10)
		if grown < mostGrowth {
			expectNoGoroutines(t, goroutines)
			return
		}
	}
	t.Errorf("memory grew by %d bytes for each of %d times, again and again", grown/int64(times), times)
}

func often(short, long int) int {
	if os.Getenv("ICECAT_LONG") != "" {
		return long
	}
	return short
}

func TestSubmitsAndResultsLeakNothing(t *testing.T) {
	l := testlocal.Need(t, "--bootstrap", "/bin/false")
	client := clientOf(t, l)
	path := testlocal.Sample("dog.jpg")
	expectFlat(t, often(300, 10_000), func(int) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		sent, err := client.Submit(ctx, icecat.File(path), nil)
		must(t, err)
		found, err := client.Results(ctx, sent, nil).Collect()
		must(t, err)
		if len(found) != 1 || found[0].State != icecat.Missing {
			t.Fatalf("found %+v", found)
		}
		report, err := client.SubmitMany(ctx, []string{path}, &icecat.SubmitOptions{Batch: sent.Batch,
			Progress: func(icecat.SubmitCounts) error { return nil }})
		must(t, err)
		if report.Counts.Submitted != 1 {
			t.Fatalf("report %+v", report)
		}
		if _, err := client.GetObject(ctx, "icecat-dest", "none", nil); !errors.Is(err, icecat.ErrNotFound) {
			t.Fatal(err)
		}
	})
}

func TestClientsLeakNothing(t *testing.T) {
	expectFlat(t, often(400, 5_000), func(int) {
		source, err := icecat.NewProviderCredentials(func(context.Context) (icecat.Keys, error) { return exampleKeys, nil }, nil)
		must(t, err)
		client, err := icecat.New(context.Background(), icecat.WithRegion("eu-west-1"), icecat.WithCredentials(source),
			icecat.WithLog(icecat.LogError, func(icecat.LogLevel, string, string) {}))
		must(t, err)
		_, err = client.PresignGet(context.Background(), "bucket", "key", nil)
		must(t, err)
		must(t, source.Close())
		must(t, client.Close())
	})
}

// Replies that do not fit into the memory of a frame, and failures.
func TestPureFunctionsLeakNothing(t *testing.T) {
	data, err := os.ReadFile(testlocal.Sample("tabby.jpg"))
	must(t, err)
	request := &icecat.SignRequest{Method: "GET", URL: "https://b.s3.amazonaws.com/k",
		Header: map[string][]string{"x": {string(make1s(6000))}}}
	expectFlat(t, often(20_000, 500_000), func(int) {
		if _, err := icecat.Validate(icecat.Bytes(data[:100]), nil); !errors.Is(err, icecat.ErrImageCorrupt) {
			t.Fatal(err)
		}
		_, err := icecat.Validate(icecat.Reader(bytes.NewReader(data)), nil)
		must(t, err)
		_, err = icecat.Sign(request, exampleOptions())
		must(t, err)
	})
}

func make1s(count int) []byte { return bytes.Repeat([]byte{'1'}, count) }
