package icecat_test

import (
	"context"
	"errors"
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"icecat.invalid/icecat"
	"icecat.invalid/icecat/internal/testlocal"
)

// latest is how long after the end of its context a call may take: the library looks every 100 ms.
const latest = 2 * time.Second

// expectNoGoroutines waits until no more goroutines are there than before.
func expectNoGoroutines(t *testing.T, before int) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			stacks := make([]byte, 64<<10)
			t.Fatalf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		}
	}
}

func TestAContextEndsACall(t *testing.T) {
	l := testlocal.Need(t, "--latency-ms", "20000")
	client := clientOf(t, l, icecat.WithMaxAttempts(1))
	before := runtime.NumGoroutine()
	calls := map[string]func(ctx context.Context) error{
		"GetObject": func(ctx context.Context) error { _, err := client.GetObject(ctx, "icecat-dest", "k", nil); return err },
		"Submit":    func(ctx context.Context) error { _, err := client.Submit(ctx, sample("dog.jpg"), nil); return err },
		"SubmitMany": func(ctx context.Context) error {
			report, err := client.SubmitMany(ctx, []string{testlocal.Sample("dog.jpg"), testlocal.Sample("lake.jpg")}, nil)
			if report.Counts.Submitted != 0 {
				t.Errorf("report %+v", report)
			}
			return err
		},
		"Results": func(ctx context.Context) error {
			_, err := client.Results(ctx, icecat.BatchID(1744377772), nil).Collect()
			return err
		},
		"DetectLabels": func(ctx context.Context) error {
			_, err := client.DetectLabels(ctx, sample("dog.jpg"), nil)
			return err
		},
	}
	for name, call := range calls {
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(30*time.Millisecond, cancel)
		expectEnd(t, name, icecat.ErrCancelled, context.Canceled, func() error { return call(ctx) })
		ctx, cancel = context.WithTimeout(context.Background(), 30*time.Millisecond)
		expectEnd(t, name, icecat.ErrDeadline, context.DeadlineExceeded, func() error { return call(ctx) })
		cancel()
	}
	expectNoGoroutines(t, before)
}

func expectEnd(t *testing.T, name string, status icecat.Status, cause error, call func() error) {
	t.Helper()
	start := time.Now()
	err := call()
	if took := time.Since(start); took > latest || took < 20*time.Millisecond {
		t.Errorf("%s took %v", name, took)
	}
	var failure *icecat.Error
	if !errors.Is(err, cause) || !errors.As(err, &failure) || failure.Status != status || failure.Timeout() != (status == icecat.ErrDeadline) {
		t.Errorf("%s: %#v", name, err)
	}
}

func TestAnEndedContextSendsNothing(t *testing.T) {
	client := clientOf(t, needLocal(t), icecat.WithTransport(func(context.Context, *icecat.Request) (*icecat.Response, error) {
		t.Error("a request was sent")
		return nil, icecat.ErrConnect
	}))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := client.DeleteObject(ctx, "icecat-dest", "k"); !errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("cancelled: %v", err)
	}
	ctx, cancel = context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancel()
	if _, err := client.Results(ctx, icecat.BatchID(1744377772), nil).Collect(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("late: %v", err)
	}
}

// The deadline of a wait is no failure of the look at the table: what it saw is there.
func TestAWaitEndsWithWhatThereIs(t *testing.T) {
	l := testlocal.Need(t, "--bootstrap", "/bin/false") // nobody judges
	client := clientOf(t, l)
	sent, err := client.Submit(within(t, time.Minute), sample("dog.jpg"), nil)
	must(t, err)
	looks := 0
	results, err := client.Wait(within(t, 300*time.Millisecond), sent, &icecat.ResultsOptions{
		Progress: func(finished, total int64) error { looks++; return nil },
	})
	var failure *icecat.Error
	if !errors.As(err, &failure) || failure.Status != icecat.ErrPending || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("wait: %v", err)
	}
	if len(results) != 1 || results[0].State != icecat.Missing || results[0].Fingerprint != sent.Fingerprint || looks == 0 {
		t.Errorf("results %+v after %d looks", results, looks)
	}
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := client.Wait(ctx, sent, nil); !errors.Is(err, icecat.ErrCancelled) {
		t.Errorf("cancelled wait: %v", err)
	}
	stopped := errors.New("stopped")
	_, err = client.Wait(within(t, time.Minute), sent, &icecat.ResultsOptions{Progress: func(int64, int64) error { return stopped }})
	if !errors.Is(err, stopped) || !errors.Is(err, icecat.ErrCallback) {
		t.Errorf("stopped wait: %v", err)
	}
}

func TestFindingKeysEndsWithTheContext(t *testing.T) {
	config := filepath.Join(t.TempDir(), "config")
	must(t, os.WriteFile(config, []byte("[profile slow]\ncredential_process = sleep 20\n"), 0o600))
	client, err := icecat.New(context.Background(), icecat.WithRegion("eu-west-1"), icecat.WithProfile("slow"),
		icecat.WithSharedFiles(config, filepath.Join(t.TempDir(), "none")))
	must(t, err)
	defer client.Close()
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(30*time.Millisecond, cancel)
	expectEnd(t, "PresignGet", icecat.ErrCancelled, context.Canceled, func() error {
		_, err := client.PresignGet(ctx, "bucket", "key", nil)
		return err
	})
	ctx, cancel = context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	expectEnd(t, "ReportCredentials", icecat.ErrDeadline, context.DeadlineExceeded, func() error {
		_, err := client.ReportCredentials(ctx)
		return err
	})
}

// Every call ends as it should, whatever moment its context ends at.
func TestGoroutinesCancelAtRandom(t *testing.T) {
	client := clientOf(t, testlocal.Need(t, "--latency-ms", "3"), icecat.WithMaxAttempts(2))
	must(t, client.DeleteObject(within(t, time.Minute), "icecat-dest", "k"))
	const goroutines = 64
	rounds := 10
	if os.Getenv("ICECAT_LONG") != "" {
		rounds = 200
	}
	before := runtime.NumGoroutine()
	var ended, finished int64
	var all sync.WaitGroup
	for i := 0; i < goroutines; i++ {
		all.Add(1)
		go func(random *rand.Rand) {
			defer all.Done()
			for round := 0; round < rounds; round++ {
				err := cancelSoon(client, random)
				switch {
				case err == nil:
					atomic.AddInt64(&finished, 1)
				case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
					atomic.AddInt64(&ended, 1)
				default:
					t.Errorf("%v", err)
				}
			}
		}(rand.New(rand.NewSource(int64(i))))
	}
	all.Wait()
	if ended == 0 || finished == 0 {
		t.Errorf("%d calls ended early, %d did not", ended, finished)
	}
	expectNoGoroutines(t, before)
}

func cancelSoon(client *icecat.Client, random *rand.Rand) error {
	most := time.Duration(random.Intn(40_000)) * time.Microsecond
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if random.Intn(2) == 0 {
		var end context.CancelFunc
		ctx, end = context.WithTimeout(ctx, most)
		defer end()
	} else {
		defer time.AfterFunc(most, cancel).Stop()
	}
	switch random.Intn(4) {
	case 0:
		_, err := client.PutObject(ctx, "icecat-dest", "k", icecat.Bytes(make([]byte, 1000)), nil)
		return err
	case 1:
		return client.DeleteObject(ctx, "icecat-dest", "k")
	case 2:
		_, err := client.Results(ctx, icecat.BatchID(1744377772), nil).Collect()
		return err
	default:
		_, err := client.SubmitMany(ctx, []string{testlocal.Sample("dog.jpg")}, nil)
		return err
	}
}

func TestCloseLetsCallsEnd(t *testing.T) {
	l := testlocal.Need(t, "--latency-ms", "200")
	client, err := icecat.New(context.Background(), optionsOf(l)...)
	must(t, err)
	done := make(chan error)
	go func() { done <- client.DeleteObject(context.Background(), "icecat-dest", "k") }()
	time.Sleep(100 * time.Millisecond)
	must(t, client.Close())
	must(t, client.Close())
	if err := client.DeleteObject(context.Background(), "icecat-dest", "k"); !errors.Is(err, icecat.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	must(t, <-done)
	if client.Region() != "" || client.Endpoint("s3") != "" {
		t.Error("a closed client has an address")
	}
}

func TestAForgottenClientIsFreed(t *testing.T) {
	freed := make(chan struct{})
	func() {
		big := new([1 << 10]byte)
		runtime.SetFinalizer(big, func(*[1 << 10]byte) { close(freed) })
		// The log function has the big thing, C's client has the log function: it goes when C's client does.
		_, err := icecat.New(context.Background(), icecat.WithRegion("eu-west-1"),
			icecat.WithLog(icecat.LogError, func(icecat.LogLevel, string, string) { _ = big[0] }))
		must(t, err)
	}()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		runtime.GC()
		select {
		case <-freed:
			return
		default:
		}
	}
	t.Error("the client was not freed")
}
