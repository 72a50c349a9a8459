package icecat_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"icecat.invalid/icecat"
	"icecat.invalid/icecat/internal/testlocal"
)

func TestValidate(t *testing.T) {
	path := testlocal.Sample("tabby.jpg")
	data, err := os.ReadFile(path)
	must(t, err)
	for name, source := range map[string]icecat.Source{"file": icecat.File(path), "bytes": icecat.Bytes(data),
		"reader": icecat.Reader(iotest.OneByteReader(bytes.NewReader(data)))} {
		info, err := icecat.Validate(source, nil)
		if err != nil || !info.WithinLimits || info.Format != icecat.FormatJPEG || info.Width != 640 || info.Height != 720 ||
			info.Size != int64(len(data)) || info.Reason.String() != "none" || info.Format.ContentType() != "image/jpeg" ||
			info.Colour != icecat.ColourYCbCr || info.Channels != 3 || info.BitDepth != 8 {
			t.Errorf("%s: %+v, %v", name, info, err)
		}
	}
}

func TestValidateRefuses(t *testing.T) {
	whole, err := os.ReadFile(testlocal.Sample("tabby.jpg"))
	must(t, err)
	for _, c := range []struct {
		name    string
		source  icecat.Source
		options *icecat.ImageOptions
		status  icecat.Status
		format  string
		reason  string
	}{
		{"webp", sample("daisy.jpg"), nil, icecat.ErrImageFormat, "webp", "foreign"},
		{"cut", sample("half-a-kitten.png"), nil, icecat.ErrImageCorrupt, "png", "truncated"},
		{"cut stream", icecat.Reader(bytes.NewReader(whole[:len(whole)/2])), nil, icecat.ErrImageCorrupt, "jpeg", "truncated"},
		{"empty", icecat.Bytes(nil), nil, icecat.ErrImageFormat, "empty", "empty"},
		{"small", sample("tabby.jpg"), &icecat.ImageOptions{MinSide: 700}, icecat.ErrImageLimit, "jpeg", "too-small"},
		{"large", sample("tabby.jpg"), &icecat.ImageOptions{MaxSide: 700}, icecat.ErrImageLimit, "jpeg", "too-large"},
		{"long", sample("tabby.jpg"), &icecat.ImageOptions{MaxBytes: 1000}, icecat.ErrImageLimit, "jpeg", "too-many-bytes"},
		{"pixels", sample("tabby.jpg"), &icecat.ImageOptions{MaxPixels: 1000}, icecat.ErrImageLimit, "jpeg", "too-many-pixels"},
	} {
		info, err := icecat.Validate(c.source, c.options)
		if !errors.Is(err, c.status) || info.Format.String() != c.format || info.Reason.String() != c.reason || info.WithinLimits {
			t.Errorf("%s: %+v (%v, %v), %v", c.name, info, info.Format, info.Reason, err)
		}
	}
	if info, err := icecat.Validate(icecat.Bytes(whole[:4096]), &icecat.ImageOptions{TotalBytes: int64(len(whole))}); err != nil ||
		info.Warnings&icecat.WarnTailUnseen == 0 {
		t.Errorf("the first bytes: %+v, %v", info, err)
	}
	trailing := icecat.Bytes(append(whole[:len(whole):len(whole)], "tail"...))
	if info, err := icecat.Validate(trailing, nil); err != nil || info.TrailingBytes != 4 || info.Warnings != icecat.WarnTrailingData {
		t.Errorf("trailing bytes: %+v, %v", info, err)
	}
	if _, err := icecat.Validate(trailing, &icecat.ImageOptions{Strict: true}); !errors.Is(err, icecat.ErrImageCorrupt) {
		t.Errorf("strict: %v", err)
	}
	if _, err := icecat.Validate(icecat.File("/nowhere"), nil); !errors.Is(err, icecat.ErrFile) {
		t.Errorf("no file: %v", err)
	}
	if _, err := icecat.Validate(sample("tabby.jpg"), &icecat.ImageOptions{MaxBytes: -1}); !errors.Is(err, icecat.ErrArgument) {
		t.Errorf("a negative limit: %v", err)
	}
	broken := errors.New("broken")
	if _, err := icecat.Validate(icecat.Reader(io.MultiReader(bytes.NewReader(whole[:100]), iotest.ErrReader(broken))), nil); !errors.Is(err, broken) {
		t.Errorf("a broken reader: %v", err)
	}
}

func TestProfiles(t *testing.T) {
	header, err := os.ReadFile(testlocal.Sample("tabby.jpg"))
	must(t, err)
	large := icecat.Bytes(append(header, make([]byte, 6<<20)...))
	for profile, want := range map[icecat.Profile]error{icecat.ProfileS3: nil, icecat.ProfileBytes: icecat.ErrImageLimit, icecat.ProfileAny: nil} {
		if _, err := icecat.Validate(large, &icecat.ImageOptions{Profile: profile}); !errors.Is(err, want) {
			t.Errorf("profile %d: %v", profile, err)
		}
	}
}

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
	signed, err := icecat.Sign(&icecat.SignRequest{Method: "GET", URL: "https://examplebucket.s3.amazonaws.com/test.txt", Header: header}, exampleOptions())
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
	if signed.Signature != "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404" || !signed.Expires.Equal(exampleTime.Add(24*time.Hour)) ||
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
	if claim, err := icecat.ParseSignature(&icecat.SignRequest{Method: "GET", URL: request.URL}); !errors.Is(err, icecat.ErrSignature) || claim.Reason != icecat.NoSignature {
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
	signed, err := icecat.Sign(&icecat.SignRequest{Method: "PUT", URL: "https://b.s3.amazonaws.com/k", Header: header, Body: make([]byte, 1<<20)}, exampleOptions())
	must(t, err)
	if !strings.Contains(signed.CanonicalRequest, header["x-long"][0]) {
		t.Error("the header is not in the canonical request")
	}
}

func TestBatchIDs(t *testing.T) {
	id, err := icecat.NewBatchID()
	must(t, err)
	again, err := icecat.ParseBatchID(id.String())
	if err != nil || again != id || len(id.String()) != len("batch-")+16 {
		t.Errorf("%v, %v, %v", id, again, err)
	}
	if old, err := icecat.ParseBatchID("1744377772"); err != nil || old.String() != "batch-1744377772" {
		t.Errorf("%v, %v", old, err)
	}
	if _, err := icecat.ParseBatchID("batch-x"); !errors.Is(err, icecat.ErrArgument) {
		t.Errorf("%v", err)
	}
}

func TestAClientKnowsItsSettings(t *testing.T) {
	ctx := context.Background()
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"} {
		t.Setenv(name, "")
	}
	if _, err := icecat.New(ctx); !errors.Is(err, icecat.ErrConfig) || !strings.Contains(err.Error(), "region") {
		t.Errorf("no region: %v", err)
	}
	for name, option := range map[string]icecat.Option{
		"attempts": icecat.WithMaxAttempts(101), "negative": icecat.WithMaxConnections(-1), "stall": icecat.WithStallTimeout(-1 * time.Second),
		"connect": icecat.WithConnectTimeout(2000 * time.Hour), "ttl": icecat.WithTTL(-time.Second), "keys": icecat.WithKeys(icecat.Keys{AccessKeyID: "x\n", SecretAccessKey: "y"}),
	} {
		if client, err := icecat.New(ctx, icecat.WithRegion("eu-west-1"), option); err == nil {
			t.Errorf("%s was accepted", name)
			client.Close()
		}
	}
	client, err := icecat.New(ctx, icecat.WithRegion("eu-west-1"), icecat.WithFIPS(true), icecat.WithDualStack(false), icecat.WithMaxAttempts(7),
		icecat.WithStallTimeout(1500*time.Microsecond), icecat.WithAddressing(icecat.AddressingPath), icecat.WithChecksums(icecat.ChecksumsWhenRequired),
		icecat.WithProxy("http://127.0.0.1:3128", "localhost"), icecat.WithSSMEndpoint("http://127.0.0.1:9"), icecat.WithUserAgent("tests/1"),
		icecat.WithProxyCABundle("/etc/none.pem"), icecat.WithIgnoredEndpoints(true), icecat.WithCompatKeys(), icecat.WithDebug(),
		icecat.WithLabel("Dog"), icecat.WithMinConfidence(50), icecat.WithMaxLabels(5), icecat.WithTTL(time.Hour))
	must(t, err)
	defer client.Close()
	if client.Region() != "eu-west-1" || client.Endpoint("s3") != "https://s3-fips.eu-west-1.amazonaws.com" || client.Endpoint("ssm") != "http://127.0.0.1:9" || client.Endpoint("x") != "" {
		t.Errorf("%s %s %s", client.Region(), client.Endpoint("s3"), client.Endpoint("ssm"))
	}
	settings, err := client.Settings()
	must(t, err)
	for name, value := range map[string]string{"region": "eu-west-1", "max_attempts": "7", "stall_timeout_ms": "2", "s3_addressing_style": "path",
		"use_fips_endpoint": "true", "use_dualstack_endpoint": "false", "request_checksum_calculation": "when_required", "proxy": "http://127.0.0.1:3128",
		"ignore_configured_endpoint_urls": "true"} {
		if got, ok := settings.Get(name); !ok || got.Value != value || got.Origin != "option" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if _, ok := settings.Get("x"); ok {
		t.Error("there is a setting x")
	}
	t.Setenv("AWS_REGION", "eu-west-3")
	loaded, err := icecat.LoadSettings(icecat.WithLog(icecat.LogInfo, func(icecat.LogLevel, string, string) {}))
	must(t, err)
	if region, _ := loaded.Get("region"); region.Value != "eu-west-3" || region.Origin != "environment AWS_REGION" {
		t.Errorf("loaded %+v", region)
	}
	if region, err := client.BucketRegion("bucket"); err != nil || region != "eu-west-1" {
		t.Errorf("bucket's region %q, %v", region, err)
	}
	if difference, known := client.ClockDifference(); known || difference != 0 {
		t.Errorf("clock difference %v, %v", difference, known)
	}
}

func TestSourcesOfKeys(t *testing.T) {
	source, err := icecat.NewStaticCredentials(exampleKeys)
	must(t, err)
	if kind, id := source.Describe(); kind != "static" || id != exampleKeys.AccessKeyID {
		t.Errorf("%s %s", kind, id)
	}
	findings, err := source.Report(context.Background())
	if err != nil || len(findings) != 1 || findings[0].Outcome != icecat.Used || findings[0].AccessKeyID != exampleKeys.AccessKeyID {
		t.Errorf("%+v, %v", findings, err)
	}
	must(t, source.Close())
	if _, err := source.Report(context.Background()); !errors.Is(err, icecat.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDENV")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	source, err = icecat.NewEnvironmentCredentials()
	must(t, err)
	defer source.Close()
	if kind, id := source.Describe(); kind != "environment" || id != "AKIDENV" {
		t.Errorf("%s %s", kind, id)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	if _, err := icecat.NewEnvironmentCredentials(); !errors.Is(err, icecat.ErrNoCredentials) {
		t.Errorf("an empty environment: %v", err)
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "credentials")
	must(t, os.WriteFile(file, []byte("[work]\naws_access_key_id = AKIDFILE\naws_secret_access_key = S3CR3T\n"), 0o600))
	var lines []string
	chain, err := icecat.NewCredentials(&icecat.CredentialsOptions{Profile: "work", ConfigFile: filepath.Join(folder, "none"), CredentialsFile: file,
		LogLevel: icecat.LogDebug, Log: func(_ icecat.LogLevel, area, text string) { lines = append(lines, area+" "+text) }})
	must(t, err)
	defer chain.Close()
	findings, err = chain.Report(context.Background())
	must(t, err)
	used := ""
	for _, one := range findings {
		if one.Outcome == icecat.Used {
			used = one.Source + " " + one.AccessKeyID
		}
	}
	if used != "shared-credentials-file AKIDFILE" || strings.Contains(fmt.Sprint(findings, lines), "S3CR3T") {
		t.Errorf("used %q of %+v", used, findings)
	}
	if _, err := icecat.NewProviderCredentials(nil, nil); !errors.Is(err, icecat.ErrArgument) {
		t.Errorf("no provider: %v", err)
	}
}

func TestPureFunctionsMayBeCalledByGoroutines(t *testing.T) {
	data, err := os.ReadFile(testlocal.Sample("tabby.jpg"))
	must(t, err)
	keys, err := icecat.NewSigningKeys()
	must(t, err)
	defer keys.Close()
	var all sync.WaitGroup
	for i := 0; i < 32; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for round := 0; round < 50; round++ {
				if _, err := icecat.Validate(icecat.Bytes(data), nil); err != nil {
					t.Error(err)
				}
				options := exampleOptions()
				options.Cache = keys
				signed, err := icecat.Sign(&icecat.SignRequest{Method: "GET", URL: "https://examplebucket.s3.amazonaws.com/test.txt",
					Header: map[string][]string{"range": {"bytes=0-9"}}}, options)
				if err != nil || signed.Signature != "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41" {
					t.Errorf("%+v, %v", signed, err)
				}
			}
		}()
	}
	all.Wait()
}

func TestVersions(t *testing.T) {
	if icecat.Version() == "" || icecat.DependencyVersion("libcurl") == "" || icecat.DependencyVersion("x") != "" {
		t.Errorf("%q %q", icecat.Version(), icecat.DependencyVersion("libcurl"))
	}
	for status, want := range map[icecat.Status]string{icecat.ErrThrottled: "ICECAT_E_THROTTLED true 10", icecat.ErrNotFound: "ICECAT_E_NOT_FOUND false 6", 12345: "ICECAT_E_UNKNOWN false 1"} {
		if got := fmt.Sprint(status.String(), " ", status.Retryable(), " ", status.ExitCode()); got != want || status.Error() == "" {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
