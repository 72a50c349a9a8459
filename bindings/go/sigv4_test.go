package icecat_test

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"icecat.invalid/icecat"
)

// Published examples: Amazon S3 API Reference, "Signature calculations for the Authorization header" and "Using query
// parameters".
var (
	exampleKeys = icecat.Keys{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
	exampleTime = time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC)
)

func exampleOptions() *icecat.SignOptions {
	return &icecat.SignOptions{Keys: exampleKeys, Region: "us-east-1", Service: "s3", Time: exampleTime}
}

func TestSignAsPublished(t *testing.T) {
	header := http.Header{"Range": {"bytes=0-9"}}
	signed, err := icecat.Sign(&icecat.SignRequest{Method: "GET",
		URL: "https://examplebucket.s3.amazonaws.com/test.txt", Header: header}, exampleOptions())
	must(t, err)
	if signed.Signature != "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41" ||
		signed.SignedHeaders != "host;range;x-amz-content-sha256;x-amz-date" {
		t.Errorf("%+v", signed)
	}
	signed.Header(header.Set)
	if header.Get("X-Amz-Date") != "20130524T000000Z" || !strings.Contains(header.Get("Authorization"), signed.Signature) ||
		header.Get("X-Amz-Content-Sha256") != signed.PayloadHash || header.Get("X-Amz-Security-Token") != "" {
		t.Errorf("headers %v", header)
	}
	options := exampleOptions()
	options.Presign = 24 * time.Hour
	signed, err = icecat.Sign(&icecat.SignRequest{Method: "GET", URL: "https://examplebucket.s3.amazonaws.com/test.txt#x"}, options)
	must(t, err)
	if signed.Signature != "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404" ||
		!signed.Expires.Equal(exampleTime.Add(24*time.Hour)) ||
		!strings.HasPrefix(signed.URL, "https://examplebucket.s3.amazonaws.com/test.txt?") || !strings.HasSuffix(signed.URL, signed.Signature) {
		t.Errorf("presigned %+v", signed)
	}
	signed.Header(func(name, value string) { t.Errorf("a presigned URL needs %s: %s", name, value) })
}

func TestChunksAsPublished(t *testing.T) {
	header := http.Header{"Content-Encoding": {"aws-chunked"}, "X-Amz-Decoded-Content-Length": {"66560"}, "Content-Length": {"66824"},
		"X-Amz-Storage-Class": {"REDUCED_REDUNDANCY"}}
	if length := icecat.ChunkedLength(66560, 65536, nil); length != 66824 {
		t.Errorf("length %d", length)
	}
	keys, err := icecat.NewSigningKeys()
	must(t, err)
	options := exampleOptions()
	options.Cache = keys
	signed, err := icecat.Sign(&icecat.SignRequest{Method: "PUT", URL: "https://s3.amazonaws.com/examplebucket/chunkObject.txt",
		Header: header, PayloadHash: icecat.StreamingPayload}, options)
	must(t, err)
	signature := signed.Signature
	want := []string{"4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
		"ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
		"0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
		"b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"}
	for i, size := range []int{65536, 1024, 0} {
		if signature != want[i] {
			t.Errorf("signature %d: %s", i, signature)
		}
		signature, err = icecat.SignChunk(options, signature, bytes.Repeat([]byte("a"), size))
		must(t, err)
	}
	if signature != want[3] || icecat.ChunkHead(65536, want[1]) != "10000;chunk-signature="+want[1]+"\r\n" || icecat.ChunkHead(1, "x") != "" {
		t.Errorf("at the end: %s, %q", signature, icecat.ChunkHead(65536, want[1]))
	}
	trailer, err := icecat.SignTrailer(options, signature, []icecat.Header{{Name: "x-amz-checksum-crc32c", Value: "sOO8/Q=="}})
	if err != nil || len(trailer) != 64 {
		t.Errorf("trailer %q, %v", trailer, err)
	}
	if _, err := icecat.SignChunk(options, "x", nil); !errors.Is(err, icecat.ErrArgument) {
		t.Errorf("no signature before: %v", err)
	}
	must(t, keys.Close())
	if _, err := icecat.SignChunk(options, signature, nil); !errors.Is(err, icecat.ErrClosed) {
		t.Errorf("closed keys: %v", err)
	}
}

func TestVerifyWhatWasSigned(t *testing.T) {
	keys := exampleKeys
	keys.SessionToken = "to/ken+="
	options := &icecat.SignOptions{Keys: keys, Region: "eu-west-1", Service: "dynamodb", Time: exampleTime}
	request := &icecat.SignRequest{Method: "POST", URL: "https://dynamodb.eu-west-1.amazonaws.com/", Body: []byte("{}"),
		Header: map[string][]string{"x-amz-target": {"DynamoDB_20120810.GetItem"}, "x-multi": {"a", " b  c "}}}
	signed, err := icecat.Sign(request, options)
	must(t, err)
	header := http.Header(request.Header)
	signed.Header(header.Set)
	came := &icecat.SignRequest{Method: "POST", URL: request.URL, Header: header, Body: request.Body}
	claim, err := icecat.ParseSignature(came)
	if err != nil || claim.AccessKeyID != keys.AccessKeyID || claim.SessionToken != keys.SessionToken || !claim.Time.Equal(exampleTime) ||
		claim.Region != "eu-west-1" || claim.Service != "dynamodb" || claim.Presigned || claim.Reason != icecat.Verified {
		t.Errorf("claim %+v, %v", claim, err)
	}
	verify := &icecat.VerifyOptions{SecretAccessKey: keys.SecretAccessKey, Region: "eu-west-1", Time: exampleTime.Add(time.Minute)}
	verdict, err := icecat.VerifySignature(came, verify)
	if err != nil || verdict.Reason != icecat.Verified || verdict.Skew != -time.Minute || verdict.StringToSign != signed.StringToSign {
		t.Errorf("verdict %+v, %v", verdict, err)
	}
	came.Body = []byte("{ }")
	if verdict, err := icecat.VerifySignature(came, verify); !errors.Is(err, icecat.ErrSignature) || verdict.Reason != icecat.WrongSignature {
		t.Errorf("another body: %+v, %v", verdict, err)
	}
	verify.Time = exampleTime.Add(time.Hour)
	if verdict, err := icecat.VerifySignature(came, verify); !errors.Is(err, icecat.ErrSignature) || verdict.Reason != icecat.Skewed {
		t.Errorf("late: %+v, %v", verdict, err)
	}
	if claim, err := icecat.ParseSignature(&icecat.SignRequest{Method: "GET", URL: request.URL}); !errors.Is(err, icecat.ErrSignature) ||
		claim.Reason != icecat.NoSignature {
		t.Errorf("unsigned: %+v, %v", claim, err)
	}
	theirs := signed.StringToSign[:len(signed.StringToSign)-64] + strings.Repeat("0", 64)
	answer := "<Error><Code>SignatureDoesNotMatch</Code><StringToSign>" + theirs + "</StringToSign><CanonicalRequest>" +
		strings.Replace(signed.CanonicalRequest, "POST", "PUT", 1) + "</CanonicalRequest></Error>"
	found, err := icecat.Explain(signed, []byte(answer))
	if err != nil || found.Difference != icecat.DifferentMethod || found.Line != 1 || found.Text == "" {
		t.Errorf("explained %+v, %v", found, err)
	}
}

func TestSignRefuses(t *testing.T) {
	for name, request := range map[string]*icecat.SignRequest{
		"no host":   {Method: "GET", URL: "/x"},
		"no scheme": {Method: "GET", URL: "x"},
		"zero byte": {Method: "GET", URL: "https://h/", Header: map[string][]string{"x": {"a\x00b"}}},
		"no method": {URL: "https://h/"},
	} {
		if _, err := icecat.Sign(request, exampleOptions()); !errors.Is(err, icecat.ErrArgument) || strings.Contains(err.Error(), "wJalr") {
			t.Errorf("%s: %v", name, err)
		}
	}
	options := exampleOptions()
	options.Presign = 8 * 24 * time.Hour
	if _, err := icecat.Sign(&icecat.SignRequest{Method: "GET", URL: "https://h/"}, options); !errors.Is(err, icecat.ErrArgument) {
		t.Errorf("eight days: %v", err)
	}
}

// A body and headers over what fits into memory on the stack.
func TestSignALongRequest(t *testing.T) {
	header := map[string][]string{"x-long": {strings.Repeat("v", 20_000)}}
	signed, err := icecat.Sign(&icecat.SignRequest{Method: "PUT", URL: "https://b.s3.amazonaws.com/k", Header: header,
		Body: make([]byte, 1<<20)}, exampleOptions())
	must(t, err)
	if !strings.Contains(signed.CanonicalRequest, header["x-long"][0]) {
		t.Error("the header is not in the canonical request")
	}
}
