package icecat_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"icecat.invalid/icecat"
	"icecat.invalid/icecat/internal/testlocal"
)

// local is the icecat-local that most tests share; nil when none is built.
var local *testlocal.Local

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(runAll(m))
}

func runAll(m *testing.M) int {
	clearEnvironment()
	started, err := testlocal.Start()
	switch {
	case err == nil:
		local = started
		for name, value := range started.Env {
			os.Setenv(name, value)
		}
		os.Setenv("ICECAT_CLIENT_ID", "tester")
	case os.Getenv("ICECAT_BUILD_DIR") != "":
		fmt.Fprintln(os.Stderr, err)
		return 1
	default:
		fmt.Fprintln(os.Stderr, "tests against icecat-local, and examples, are skipped:", err)
		if run := flag.Lookup("test.run"); run.Value.String() == "" {
			_ = run.Value.Set("^Test") // an example cannot skip itself
		}
	}
	code := m.Run()
	if local != nil {
		if err := local.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	return code
}

// clearEnvironment keeps the user's own AWS settings away.
func clearEnvironment() {
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "AWS_") {
			os.Unsetenv(name)
		}
	}
	os.Setenv("AWS_CONFIG_FILE", filepath.Join(os.TempDir(), "no-config"))
	os.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(os.TempDir(), "no-credentials"))
	os.Setenv("AWS_EC2_METADATA_DISABLED", "true")
}

// needLocal skips a test without icecat-local.
func needLocal(t testing.TB) *testlocal.Local {
	t.Helper()
	if local == nil {
		t.Skip("icecat-local is not built")
	}
	return local
}

// optionsOf are those of a client of an icecat-local.
func optionsOf(l *testlocal.Local) []icecat.Option {
	return []icecat.Option{
		icecat.WithRegion(l.Env["AWS_REGION"]), icecat.WithEndpoint(l.Env["AWS_ENDPOINT_URL"]),
		icecat.WithKeys(icecat.Keys{AccessKeyID: l.Env["AWS_ACCESS_KEY_ID"], SecretAccessKey: l.Env["AWS_SECRET_ACCESS_KEY"]}),
		icecat.WithBucket(l.Env["S3BUCKET_SOURCE"]), icecat.WithTable(l.Env["DYNAMODB_TABLE_NAME"]),
		icecat.WithProcessBuckets("icecat-dest", "icecat-fail"), icecat.WithClientID("tester"),
	}
}

// clientOf makes a client that ends with the test; later options win.
func clientOf(t testing.TB, l *testlocal.Local, more ...icecat.Option) *icecat.Client {
	t.Helper()
	client, err := icecat.New(context.Background(), append(optionsOf(l), more...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

// within is a context that ends with the test.
func within(t testing.TB, most time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), most)
	t.Cleanup(cancel)
	return ctx
}

// must fails the test on an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func sample(name string) icecat.Source { return icecat.File(testlocal.Sample(name)) }
