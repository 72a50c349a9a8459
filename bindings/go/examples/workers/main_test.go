package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"icecat.invalid/icecat/internal/testlocal"
)

// setUp gives this program the environment of an icecat-local.
func setUp(t *testing.T, options ...string) {
	t.Helper()
	local := testlocal.Need(t, options...)
	t.Setenv("AWS_CONFIG_FILE", "/nowhere/config")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere/credentials")
	t.Setenv("ICECAT_CLIENT_ID", "workers")
	for name, value := range local.Env {
		t.Setenv(name, value)
	}
}

func TestWorkersGetTheVerdictsOfTheSamples(t *testing.T) {
	setUp(t)
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	var out bytes.Buffer
	if err := run(ctx, filepath.Dir(testlocal.Sample("x")), 4, &out); err != nil {
		t.Fatal(err)
	}
	table, err := os.ReadFile(testlocal.Sample("expected.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	expected := 0
	for _, line := range strings.Split(strings.TrimSpace(string(table)), "\n") {
		fields := strings.Split(line, "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		expected++
		want := map[string]string{"cat": ": cat\n", "none": ": no cat\n", "refused": ": icecat: Submit: "}[fields[2]]
		if !strings.Contains(out.String(), fields[0]+want) {
			t.Errorf("%s is not told as%q", fields[0], want)
		}
	}
	if lines := strings.Count(out.String(), "\n"); lines != expected {
		t.Errorf("%d lines for %d pictures:\n%s", lines, expected, out.String())
	}
}

func TestWorkersEndWithTheirTime(t *testing.T) {
	setUp(t, "--bootstrap", "/bin/false") // nobody judges
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "a.JPG"), testlocal.Variant(t, "dog.jpg"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 700*time.Millisecond)
	defer cancel()
	var out bytes.Buffer
	if err := run(ctx, folder, 2, &out); !errors.Is(err, context.DeadlineExceeded) || out.String() != "a.JPG: missing\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
	if err := run(context.Background(), filepath.Join(folder, "none"), 2, &out); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}
