package icecat_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"testing"
	"testing/iotest"

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
	if _, err := icecat.Validate(icecat.Reader(io.MultiReader(bytes.NewReader(whole[:100]),
		iotest.ErrReader(broken))), nil); !errors.Is(err, broken) {
		t.Errorf("a broken reader: %v", err)
	}
}

func TestProfiles(t *testing.T) {
	header, err := os.ReadFile(testlocal.Sample("tabby.jpg"))
	must(t, err)
	large := icecat.Bytes(append(header, make([]byte, 6<<20)...))
	for profile, want := range map[icecat.Profile]error{icecat.ProfileS3: nil,
		icecat.ProfileBytes: icecat.ErrImageLimit, icecat.ProfileAny: nil} {
		if _, err := icecat.Validate(large, &icecat.ImageOptions{Profile: profile}); !errors.Is(err, want) {
			t.Errorf("profile %d: %v", profile, err)
		}
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
	for status, want := range map[icecat.Status]string{icecat.ErrThrottled: "ICECAT_E_THROTTLED true 10",
		icecat.ErrNotFound: "ICECAT_E_NOT_FOUND false 6", 12345: "ICECAT_E_UNKNOWN false 1"} {
		if got := fmt.Sprint(status.String(), " ", status.Retryable(), " ", status.ExitCode()); got != want || status.Error() == "" {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
