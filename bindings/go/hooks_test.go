package icecat_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"icecat.invalid/icecat"
	"icecat.invalid/icecat/internal/testlocal"
)

// overHTTP is a transport by the client of Go.
func overHTTP(client *http.Client) icecat.Transport {
	return func(ctx context.Context, request *icecat.Request) (*icecat.Response, error) {
		sent, err := http.NewRequestWithContext(ctx, request.Method, request.URL, bytes.NewReader(request.Body))
		if err != nil {
			return nil, err
		}
		for _, header := range request.Headers {
			if strings.EqualFold(header.Name, "host") {
				sent.Host = header.Value
			}
			sent.Header.Set(header.Name, header.Value)
		}
		got, err := client.Do(sent)
		if err != nil {
			return nil, err
		}
		defer got.Body.Close()
		response := &icecat.Response{Status: got.StatusCode}
		for name, values := range got.Header {
			response.Headers = append(response.Headers, icecat.Header{Name: name, Value: values[0]})
		}
		response.Body, err = io.ReadAll(got.Body)
		return response, err
	}
}

func TestATransportOfGo(t *testing.T) {
	web := &http.Client{}
	defer web.CloseIdleConnections()
	client := clientOf(t, needLocal(t), icecat.WithTransport(overHTTP(web)))
	ctx := within(t, time.Minute)
	body := bytes.Repeat([]byte("x"), 100_000)
	_, err := client.PutObject(ctx, "icecat-dest", "by-go", icecat.Bytes(body), nil)
	must(t, err)
	got, err := client.GetObject(ctx, "icecat-dest", "by-go", nil)
	must(t, err)
	if !bytes.Equal(got.Data, body) {
		t.Errorf("%d bytes", len(got.Data))
	}
	report, err := client.SubmitMany(ctx, testlocal.Folder(t, 3), nil)
	must(t, err)
	if report.Counts.Submitted != 3 {
		t.Errorf("%+v", report.Counts)
	}
	if _, err := client.GetObject(ctx, "icecat-dest", "none", nil); !errors.Is(err, icecat.ErrNotFound) {
		t.Errorf("no such key: %v", err)
	}
}

// answering is a transport that gives answers in their order, the last one for ever.
func answering(count *int, answers ...func() (*icecat.Response, error)) icecat.Transport {
	return func(context.Context, *icecat.Request) (*icecat.Response, error) {
		at := *count
		*count++
		if at >= len(answers) {
			at = len(answers) - 1
		}
		return answers[at]()
	}
}

func status(number int) func() (*icecat.Response, error) {
	return func() (*icecat.Response, error) { return &icecat.Response{Status: number}, nil }
}

func failing(err error) func() (*icecat.Response, error) {
	return func() (*icecat.Response, error) { return nil, err }
}

func fixed(t *testing.T, more ...icecat.Option) *icecat.Client {
	t.Helper()
	client, err := icecat.New(context.Background(), append([]icecat.Option{icecat.WithRegion("eu-west-1"),
		icecat.WithEndpoint("http://nowhere.invalid"), icecat.WithKeys(icecat.Keys{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "S3CR3T"}),
		icecat.WithBucket("bucket"), icecat.WithTable("table"), icecat.WithClientID("tester")}, more...)...)
	must(t, err)
	t.Cleanup(func() { client.Close() })
	return client
}

func TestFailuresOfATransport(t *testing.T) {
	broken := errors.New("broken wire")
	for _, c := range []struct {
		answer  func() (*icecat.Response, error)
		status  icecat.Status
		is      error
		attempt int
	}{
		{failing(broken), icecat.ErrTransfer, broken, 2},
		{failing(fmt.Errorf("no way: %w", icecat.ErrConnect)), icecat.ErrConnect, icecat.ErrConnect, 2},
		{failing(icecat.ErrTLS), icecat.ErrTLS, icecat.ErrTLS, 1},
		{func() (*icecat.Response, error) { return nil, nil }, icecat.ErrProtocol, icecat.ErrProtocol, 1},
		{status(99), icecat.ErrProtocol, icecat.ErrProtocol, 1},
		{status(503), icecat.ErrUnavailable, icecat.ErrUnavailable, 2},
		{status(404), icecat.ErrNotFound, icecat.ErrNotFound, 1},
	} {
		count := 0
		client := fixed(t, icecat.WithTransport(answering(&count, c.answer)), icecat.WithMaxAttempts(2))
		_, err := client.GetObject(context.Background(), "bucket", "key", nil)
		var failure *icecat.Error
		if !errors.As(err, &failure) || failure.Status != c.status || !errors.Is(err, c.is) || count != c.attempt {
			t.Errorf("want %v after %d, got %v after %d", c.status, c.attempt, err, count)
		}
	}
}

func TestClockAndChanceOfGo(t *testing.T) {
	count, slept := 0, time.Duration(0)
	now := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	var dates []string
	random := &counting{}
	client := fixed(t, icecat.WithRandom(random), icecat.WithClock(icecat.Clock{
		Now:       func() time.Time { return now.Add(slept) },
		Monotonic: func() time.Duration { return slept },
		Sleep:     func(pause time.Duration) { slept += pause },
	}), icecat.WithTransport(func(ctx context.Context, request *icecat.Request) (*icecat.Response, error) {
		for _, header := range request.Headers {
			if strings.EqualFold(header.Name, "x-amz-date") {
				dates = append(dates, header.Value)
			}
		}
		return answering(&count, status(503), status(503), status(204))(ctx, request)
	}))
	start := time.Now()
	must(t, client.DeleteObject(context.Background(), "bucket", "key"))
	if count != 3 || len(dates) != 3 || dates[0] != "20300102T030405Z" || random.reads == 0 {
		t.Errorf("%d requests at %v, %d reads of chance", count, dates, random.reads)
	}
	if took := time.Since(start); took > latest {
		t.Errorf("the pauses took %v", took)
	}
}

type counting struct{ reads int }

func (c *counting) Read(out []byte) (int, error) {
	c.reads++
	return rand.Read(out)
}

func TestTheLogHasNoSecret(t *testing.T) {
	var mu sync.Mutex
	var lines []string
	client := clientOf(t, needLocal(t), icecat.WithLog(icecat.LogTrace, func(level icecat.LogLevel, area, text string) {
		mu.Lock()
		defer mu.Unlock()
		lines = append(lines, fmt.Sprint(level, " ", area, " ", text))
	}))
	_, err := client.PutObject(within(t, time.Minute), "icecat-dest", "logged", icecat.Bytes(nil), nil)
	must(t, err)
	mu.Lock()
	defer mu.Unlock()
	text := strings.Join(lines, "\n")
	if !strings.Contains(text, "http") || strings.Contains(text, local.Env["AWS_SECRET_ACCESS_KEY"]) {
		t.Errorf("the log: %s", text)
	}
}

type contextKey struct{}

func TestAProviderOfKeys(t *testing.T) {
	l := needLocal(t)
	asked := 0
	var problem error
	source, err := icecat.NewProviderCredentials(func(ctx context.Context) (icecat.Keys, error) {
		asked++
		if ctx.Value(contextKey{}) != "mine" {
			t.Errorf("the context is not that of the call")
		}
		return icecat.Keys{AccessKeyID: l.Env["AWS_ACCESS_KEY_ID"], SecretAccessKey: l.Env["AWS_SECRET_ACCESS_KEY"],
			Expires: time.Now().Add(time.Hour)}, problem
	}, nil)
	must(t, err)
	ctx := context.WithValue(within(t, time.Minute), contextKey{}, "mine")
	client := clientOf(t, l, icecat.WithCredentials(source))
	if kind, id := source.Describe(); kind != "callback" || id != "" {
		t.Errorf("described as %q %q", kind, id)
	}
	must(t, source.Close()) // the client keeps it
	must(t, client.DeleteObject(ctx, "icecat-dest", "k"))
	must(t, client.DeleteObject(ctx, "icecat-dest", "k"))
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
	if _, err := icecat.New(ctx, icecat.WithRegion("eu-west-1"), icecat.WithCredentials(source)); !errors.Is(err, icecat.ErrClosed) {
		t.Errorf("a closed source: %v", err)
	}
	problem = errors.New("the vault is locked")
	source, err = icecat.NewProviderCredentials(func(context.Context) (icecat.Keys, error) { return icecat.Keys{}, problem }, nil)
	must(t, err)
	defer source.Close()
	client = clientOf(t, l, icecat.WithCredentials(source))
	for i := 0; i < 2; i++ { // the second one is not asked again so soon
		err = client.DeleteObject(ctx, "icecat-dest", "k")
		if !errors.Is(err, problem) || !errors.Is(err, icecat.ErrCallback) || !strings.Contains(err.Error(), "vault") {
			t.Errorf("a provider that fails: %v", err)
		}
	}
}

func TestASourceOutlivesItsOwner(t *testing.T) {
	freed := make(chan struct{})
	func() {
		big := new([1 << 10]byte)
		runtime.SetFinalizer(big, func(*[1 << 10]byte) { close(freed) })
		source, err := icecat.NewProviderCredentials(func(context.Context) (icecat.Keys, error) {
			return icecat.Keys{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "S3CR3T", SessionToken: string(big[:1]) + "t"}, nil
		}, nil)
		must(t, err)
		client, err := icecat.New(context.Background(), icecat.WithRegion("eu-west-1"), icecat.WithCredentials(source))
		must(t, err)
		must(t, source.Close())
		runtime.GC()
		if _, err := client.PresignGet(context.Background(), "bucket", "key", nil); !errors.Is(err, icecat.ErrArgument) {
			t.Errorf("a token with a zero byte: %v", err)
		}
		must(t, client.Close())
	}()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		runtime.GC()
		select {
		case <-freed:
			return
		default:
		}
	}
	t.Error("the provider was not let go")
}

func TestAPanicGoesOnInTheCall(t *testing.T) {
	client := fixed(t, icecat.WithLog(icecat.LogTrace, func(icecat.LogLevel, string, string) { panic("log") }))
	expectPanic(t, "log", func() { _ = client.DeleteObject(context.Background(), "bucket", "key") })
	client = fixed(t, icecat.WithTransport(func(context.Context, *icecat.Request) (*icecat.Response, error) { panic("transport") }))
	expectPanic(t, "transport", func() { _ = client.DeleteObject(context.Background(), "bucket", "key") })
	client = fixed(t, icecat.WithTransport(answering(new(int), status(503))), icecat.WithMaxAttempts(1))
	submit := func(options *icecat.SubmitOptions) func() {
		return func() { _, _ = client.SubmitMany(context.Background(), []string{testlocal.Sample("dog.jpg")}, options) }
	}
	expectPanic(t, "progress", submit(&icecat.SubmitOptions{Progress: func(icecat.SubmitCounts) error { panic("progress") }}))
	expectPanic(t, "settled", submit(&icecat.SubmitOptions{Settled: func(icecat.Submission) error { panic("settled") }}))
	expectPanic(t, "known", submit(&icecat.SubmitOptions{IsKnown: func(string) (bool, error) { panic("known") }}))
	if err := client.DeleteObject(context.Background(), "bucket", "key"); !errors.Is(err, icecat.ErrUnavailable) {
		t.Errorf("after panics: %v", err)
	}
}

func expectPanic(t *testing.T, value any, call func()) {
	t.Helper()
	defer func() {
		if got := recover(); got != value {
			t.Errorf("panic %v, want %v", got, value)
		}
	}()
	call()
}

// taking is a client whose every put succeeds.
func taking(t *testing.T) *icecat.Client {
	t.Helper()
	return fixed(t, icecat.WithTransport(answering(new(int), func() (*icecat.Response, error) {
		return &icecat.Response{Status: 200, Headers: []icecat.Header{{Name: "ETag", Value: `"e"`}}}, nil
	})))
}

func TestAFunctionOfASubmissionStopsIt(t *testing.T) {
	client := taking(t)
	enough := errors.New("enough")
	paths := testlocal.Folder(t, 5)
	for name, options := range map[string]*icecat.SubmitOptions{
		"progress": {Progress: func(icecat.SubmitCounts) error { return enough }},
		"settled":  {Settled: func(icecat.Submission) error { return enough }},
		"known":    {IsKnown: func(string) (bool, error) { return false, enough }},
	} {
		if _, err := client.SubmitMany(context.Background(), paths, options); !errors.Is(err, enough) || !errors.Is(err, icecat.ErrCallback) {
			t.Errorf("%s: %v", name, err)
		}
	}
	given := 0
	report, err := client.SubmitFrom(context.Background(), func() (string, bool, error) {
		if given == 2 {
			return "", false, enough
		}
		given++
		return paths[given-1], true, nil
	}, nil)
	if !errors.Is(err, enough) || report.Batch == 0 {
		t.Errorf("next: %+v, %v", report, err)
	}
	for _, path := range []string{"a\x00b", strings.Repeat("x", 5000)} {
		if _, err := client.SubmitMany(context.Background(), []string{path}, nil); !errors.Is(err, icecat.ErrCallback) ||
			!errors.Is(err, icecat.ErrArgument) {
			t.Errorf("a path of %d bytes: %v", len(path), err)
		}
	}
}

func TestASubmissionTellsOfEachImage(t *testing.T) {
	client, paths := taking(t), testlocal.Folder(t, 5)
	known, err := client.SubmitMany(context.Background(), paths, &icecat.SubmitOptions{IsKnown: func(fingerprint string) (bool, error) {
		return len(fingerprint) == 64, nil
	}})
	must(t, err)
	if known.Counts.Known != 5 || len(known.Fingerprints()) != 5 || known.Submissions[0].Action.String() != "known" {
		t.Errorf("known: %+v", known)
	}
	when := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	var told []icecat.Submission
	report, err := client.SubmitMany(context.Background(), append(paths, paths[0], "/nowhere.jpg"), &icecat.SubmitOptions{
		UploadedAt: when, Settled: func(one icecat.Submission) error { told = append(told, one); return nil }})
	if !errors.Is(err, icecat.ErrPartial) || len(report.Submissions) != 0 || len(told) != 7 || len(report.Fingerprints()) != 5 {
		t.Fatalf("report %+v, %d told, %v", report, len(told), err)
	}
	actions := map[icecat.Action]int{}
	for _, one := range told {
		actions[one.Action]++
		if one.Action == icecat.Submitted && (!one.UploadedAt.Equal(when) || one.UploadTime != "2030-01-02-03" ||
			one.ETag != `"e"` || one.Format != icecat.FormatJPEG) {
			t.Errorf("%+v", one)
		}
		if one.Action == icecat.Duplicate && one.DuplicateOf != paths[0] || one.Action == icecat.NotSent && !errors.Is(one.Err, icecat.ErrFile) {
			t.Errorf("%+v", one)
		}
	}
	if actions[icecat.Submitted] != 5 || actions[icecat.Duplicate] != 1 || actions[icecat.NotSent] != 1 {
		t.Errorf("actions %v", actions)
	}
}
