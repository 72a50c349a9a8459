package icecat_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"icecat.invalid/icecat"
	"icecat.invalid/icecat/internal/testlocal"
)

func TestObjects(t *testing.T) {
	client := clientOf(t, needLocal(t))
	ctx := within(t, time.Minute)
	put, err := client.PutObject(ctx, "icecat-dest", "a b/ü", icecat.Bytes([]byte("0123456789")),
		&icecat.PutOptions{ContentType: "text/plain", Metadata: map[string]string{"who": "me"}})
	must(t, err)
	got, err := client.GetObject(ctx, "icecat-dest", "a b/ü", nil)
	must(t, err)
	if string(got.Data) != "0123456789" || got.Size != 10 || got.ETag() != put.ETag || got.ContentType() != "text/plain" ||
		got.Metadata("who") != "me" || got.Header("X-None") != "" || got.Headers["x-amz-meta-who"] != "me" {
		t.Errorf("got %+v", got)
	}
	part, err := client.GetObject(ctx, "icecat-dest", "a b/ü", &icecat.GetOptions{Start: 2, Length: 3})
	must(t, err)
	if string(part.Data) != "234" || part.Size != 10 {
		t.Errorf("part: %+v", part)
	}
	if _, err := client.GetObject(ctx, "icecat-dest", "a b/ü", &icecat.GetOptions{MaxBytes: 5}); !errors.Is(err, icecat.ErrLimit) {
		t.Errorf("over its limit: %v", err)
	}
	_, err = client.PutObject(ctx, "icecat-dest", "a b/ü", icecat.Bytes(nil), &icecat.PutOptions{IfNoneMatch: true})
	if !errors.Is(err, icecat.ErrPrecondition) {
		t.Errorf("put over an object: %v", err)
	}
	must(t, client.CopyObject(ctx, "icecat-dest", "a b/ü", "icecat-dest", "copy", nil))
	head, err := client.HeadObject(ctx, "icecat-dest", "copy")
	must(t, err)
	if head.Size != 10 || head.Data != nil || head.Metadata("who") != "me" {
		t.Errorf("head: %+v", head)
	}
	must(t, client.CopyObject(ctx, "icecat-dest", "a b/ü", "icecat-dest", "copy",
		&icecat.CopyOptions{ReplaceMetadata: true, ContentType: "text/x", Metadata: map[string]string{"other": "1"}}))
	head, err = client.HeadObject(ctx, "icecat-dest", "copy")
	must(t, err)
	if head.ContentType() != "text/x" || head.Metadata("other") != "1" || head.Metadata("who") != "" {
		t.Errorf("with other metadata: %+v", head)
	}
	must(t, client.DeleteObject(ctx, "icecat-dest", "copy"))
	_, err = client.GetObject(ctx, "icecat-dest", "copy", nil)
	var failure *icecat.Error
	if !errors.As(err, &failure) || !errors.Is(err, icecat.ErrNotFound) || failure.AWSCode != "NoSuchKey" ||
		failure.HTTPStatus != 404 || failure.RequestID == "" || failure.Op != "GetObject" || failure.Attempts != 1 ||
		failure.Retryable || failure.ErrorCode() != "NoSuchKey" || failure.Unwrap() != nil {
		t.Errorf("no such key: %#v", err)
	}
}

// A body that does not fit into a call's own memory.
func TestLargeObjects(t *testing.T) {
	client := clientOf(t, needLocal(t))
	ctx := within(t, time.Minute)
	for _, size := range []int{0, 1, 4000, 4096, 5000, 81 << 10, 3 << 20} {
		body := bytes.Repeat([]byte{byte(size), 1, 2, 3, 4, 5, 6}, size/7+1)[:size]
		_, err := client.PutObject(ctx, "icecat-dest", "large", icecat.Reader(bytes.NewReader(body)), nil)
		must(t, err)
		got, err := client.GetObject(ctx, "icecat-dest", "large", nil)
		must(t, err)
		if !bytes.Equal(got.Data, body) {
			t.Errorf("%d bytes became %d others", size, len(got.Data))
		}
	}
}

func TestPresignedURLs(t *testing.T) {
	client := clientOf(t, needLocal(t))
	ctx := within(t, time.Minute)
	url, err := client.PresignPut(ctx, "icecat-dest", "put", &icecat.PresignOptions{ContentType: "text/x"})
	must(t, err)
	if left := time.Until(url.Expires); left < 14*time.Minute || left > 16*time.Minute || url.CutShort {
		t.Errorf("it lives %v", left)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, url.URL, strings.NewReader("new"))
	must(t, err)
	request.Header.Set("Content-Type", "text/x")
	expectAnswer(t, request, "")
	url, err = client.PresignGet(ctx, "icecat-dest", "put", &icecat.PresignOptions{Expires: time.Minute})
	must(t, err)
	request, err = http.NewRequestWithContext(ctx, http.MethodGet, url.URL, nil)
	must(t, err)
	expectAnswer(t, request, "new")
	_, err = client.PresignGet(ctx, "icecat-dest", "x", &icecat.PresignOptions{Expires: 8 * 24 * time.Hour})
	if !errors.Is(err, icecat.ErrArgument) || !strings.Contains(err.Error(), "604800") {
		t.Errorf("eight days: %v", err)
	}
}

func expectAnswer(t *testing.T, request *http.Request, body string) {
	t.Helper()
	answer, err := http.DefaultClient.Do(request)
	must(t, err)
	defer answer.Body.Close()
	got, err := io.ReadAll(answer.Body)
	must(t, err)
	if answer.StatusCode != http.StatusOK || string(got) != body {
		t.Errorf("%s %q", answer.Status, got)
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestItems(t *testing.T) {
	l := needLocal(t)
	client := clientOf(t, l)
	ctx := within(t, time.Minute)
	table := l.Env["DYNAMODB_TABLE_NAME"]
	batch, err := icecat.NewBatchID()
	must(t, err)
	key := icecat.Item{"batch_id": batch, "img_fprint": strings.Repeat("f", 64)}
	item := icecat.Item{"batch_id": batch, "img_fprint": key["img_fprint"], "n": 1, "yes": true, "no": false, "f": 1.25,
		"u": uint8(7), "big": json.Number("123456789012345678901234567890"), "text": "Ü\n"}
	must(t, client.PutItem(ctx, table, item, nil))
	got, err := client.GetItem(ctx, table, key, &icecat.ItemOptions{Consistent: true})
	must(t, err)
	want := icecat.Item{"batch_id": json.Number(strings.TrimPrefix(batch.String(), "batch-")), "img_fprint": key["img_fprint"],
		"n": json.Number("1"), "yes": true, "no": false, "f": json.Number("1.25"), "u": json.Number("7"),
		"big": json.Number("123456789012345678901234567890"), "text": "Ü\n"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	expectConditions(ctx, t, client, table, item)
	for _, wrong := range []any{[]string{"x"}, nil, struct{}{}} {
		if err := client.PutItem(ctx, table, icecat.Item{"x": wrong}, nil); !errors.Is(err, icecat.ErrArgument) {
			t.Errorf("%T was written: %v", wrong, err)
		}
	}
}

// expectConditions changes and finds an item that is there, and removes it.
func expectConditions(ctx context.Context, t *testing.T, client *icecat.Client, table string, item icecat.Item) {
	t.Helper()
	batch := item["batch_id"]
	key := icecat.Item{"batch_id": batch, "img_fprint": item["img_fprint"]}
	err := client.PutItem(ctx, table, item, &icecat.ItemOptions{Condition: "attribute_not_exists(batch_id)"})
	var failure *icecat.Error
	if !errors.As(err, &failure) || failure.Status != icecat.ErrPrecondition || failure.Item["n"] != json.Number("1") {
		t.Errorf("put over an item: %#v", err)
	}
	now, err := client.UpdateItem(ctx, table, key, "SET #n = :n", &icecat.ItemOptions{Names: map[string]string{"#n": "n"},
		Values: icecat.Item{":n": 3}})
	must(t, err)
	if now["n"] != json.Number("3") {
		t.Errorf("after the update: %v", now)
	}
	found, err := client.Query(ctx, table, "batch_id = :b", &icecat.ItemOptions{Values: icecat.Item{":b": batch}}).Collect()
	must(t, err)
	if len(found) != 1 || found[0]["n"] != json.Number("3") {
		t.Errorf("query: %v", found)
	}
	none := icecat.Item{"batch_id": batch, "img_fprint": "none"}
	found, err = client.BatchGet(ctx, table, []icecat.Item{key, none}, nil).Collect()
	must(t, err)
	if len(found) != 1 || found[0]["n"] != json.Number("3") {
		t.Errorf("batch get: %v", found)
	}
	must(t, client.DeleteItem(ctx, table, key, nil))
	if got, err := client.GetItem(ctx, table, key, nil); got != nil || err != nil {
		t.Errorf("after the deletion: %v, %v", got, err)
	}
	if _, err := client.GetItem(ctx, "no-such-table", key, nil); !errors.Is(err, icecat.ErrNotFound) {
		t.Errorf("no such table: %v", err)
	}
	if _, err := client.Query(ctx, "no-such-table", "batch_id = :b", nil).Collect(); err == nil {
		t.Error("a query of no table succeeded")
	}
}

func TestParameters(t *testing.T) {
	l := needLocal(t)
	client := clientOf(t, l)
	name := "/stablecaps/dev/cat-wrangler/S3BUCKET_SOURCE"
	found, err := client.GetParameters(within(t, time.Minute), name, "/none")
	must(t, err)
	if len(found) != 1 || found[name] != l.Env["S3BUCKET_SOURCE"] {
		t.Errorf("found %v", found)
	}
}

func TestSettingsFromSSM(t *testing.T) {
	l := needLocal(t)
	ctx := within(t, time.Minute)
	t.Setenv("S3BUCKET_SOURCE", "")
	t.Setenv("DYNAMODB_TABLE_NAME", "")
	options := append(optionsOf(l)[:3:3], icecat.WithClientID("tester"))
	client, err := icecat.New(ctx, append(options, icecat.WithSSM("/stablecaps/dev/cat-wrangler"))...)
	must(t, err)
	defer client.Close()
	_, err = client.Submit(ctx, sample("dog.jpg"), nil)
	must(t, err)
	if _, err := icecat.New(ctx, append(options, icecat.WithSSM("none"))...); !errors.Is(err, icecat.ErrConfig) ||
		!strings.Contains(err.Error(), "/none/") {
		t.Errorf("no parameters: %v", err)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := icecat.New(ended, options...); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: %v", err)
	}
}

func TestRekognition(t *testing.T) {
	client := clientOf(t, needLocal(t))
	ctx := within(t, time.Minute)
	found, err := client.DetectLabels(ctx, sample("tabby.jpg"), nil)
	must(t, err)
	if !found.IsCat || found.Confidence <= 50 || !strings.Contains(found.Response, `"Labels"`) || len(found.Labels) == 0 {
		t.Fatalf("tabby: %+v", found)
	}
	cat := found.Labels[0]
	for _, label := range found.Labels {
		if label.Name == "Cat" {
			cat = label
		}
	}
	if cat.Name != "Cat" || len(cat.Boxes) == 0 || cat.Boxes[0].Width <= 0 || cat.Boxes[0].Left >= 1 || len(cat.Parents) == 0 {
		t.Errorf("cat: %+v", cat)
	}
	var recorded []icecat.Label
	if err := json.Unmarshal([]byte(found.LabelsJSON), &recorded); err != nil || len(recorded) != len(found.Labels) {
		t.Errorf("as records have them: %v, %s", err, found.LabelsJSON)
	}
	if other, err := client.DetectLabels(ctx, sample("tabby.jpg"), &icecat.DetectOptions{Label: "Zebra"}); err != nil || other.IsCat {
		t.Errorf("zebra: %v, %v", other, err)
	}
	_, err = client.DetectLabels(ctx, icecat.Bytes(bytes.Repeat([]byte{'x'}, 200)), nil)
	var failure *icecat.Error
	if !errors.As(err, &failure) || failure.Status != icecat.ErrRejected || failure.AWSCode != "InvalidImageFormatException" {
		t.Errorf("no image: %v", err)
	}
	_, err = client.PutObject(ctx, "icecat-dest", "tabby", sample("tabby.jpg"), nil)
	must(t, err)
	found, err = client.DetectLabelsS3(ctx, "icecat-dest", "tabby", &icecat.DetectOptions{Include: []string{"Cat"}})
	must(t, err)
	if !found.IsCat || len(found.Labels) != 1 {
		t.Errorf("of the object: %+v", found)
	}
}

func TestErrorsNameTheirCause(t *testing.T) {
	l := needLocal(t)
	ctx := within(t, time.Minute)
	var failure *icecat.Error
	client := clientOf(t, l, icecat.WithKeys(icecat.Keys{AccessKeyID: l.Env["AWS_ACCESS_KEY_ID"], SecretAccessKey: "wrong"}))
	_, err := client.GetObject(ctx, "icecat-source", "x", nil)
	if !errors.As(err, &failure) || failure.Status != icecat.ErrAuth || failure.AWSCode != "SignatureDoesNotMatch" || failure.Retryable {
		t.Errorf("a wrong key: %#v", err)
	}
	client = clientOf(t, l, icecat.WithEndpoint("http://127.0.0.1:1"), icecat.WithMaxAttempts(1))
	_, err = client.GetObject(ctx, "bucket", "key", nil)
	if !errors.As(err, &failure) || failure.Status != icecat.ErrConnect || !failure.Retryable ||
		failure.CurlCode == 0 || failure.HTTPStatus != 0 {
		t.Errorf("nobody listens: %#v", err)
	}
	t.Setenv("S3BUCKET_SOURCE", "")
	client = clientOf(t, l, icecat.WithBucket(""))
	if _, err = client.Submit(ctx, sample("dog.jpg"), nil); !errors.Is(err, icecat.ErrConfig) || !strings.Contains(err.Error(), "bucket") {
		t.Errorf("no bucket: %v", err)
	}
	if _, err = client.GetObject(ctx, "b\x00", "k", nil); !errors.Is(err, icecat.ErrArgument) {
		t.Errorf("a zero byte: %v", err)
	}
	if _, err = client.GetObject(ctx, "", "", nil); !errors.Is(err, icecat.ErrArgument) {
		t.Errorf("no bucket's name: %v", err)
	}
}

func TestFaultsAreRetriedAndTold(t *testing.T) {
	l := testlocal.Need(t, "--fault", "s3:unavailable:2", "--fault", "s3:reset:1", "--fault", "dynamodb:throttle:9")
	client := clientOf(t, l)
	ctx := within(t, time.Minute)
	_, err := client.PutObject(ctx, "icecat-dest", "k", icecat.Bytes([]byte("x")), nil)
	must(t, err) // the third attempt, or later, is answered
	quick := clientOf(t, l, icecat.WithMaxAttempts(2))
	_, err = quick.GetItem(ctx, l.Env["DYNAMODB_TABLE_NAME"], icecat.Item{"batch_id": 1, "img_fprint": "x"}, nil)
	var failure *icecat.Error
	if !errors.As(err, &failure) || failure.Status != icecat.ErrThrottled || !failure.Retryable || failure.Attempts != 2 {
		t.Errorf("throttled: %#v", err)
	}
}
