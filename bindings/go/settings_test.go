package icecat_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"icecat.invalid/icecat"
)

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
}

func TestOptionsAreSettings(t *testing.T) {
	ctx := context.Background()
	t.Setenv("AWS_ENDPOINT_URL", "")
	client, err := icecat.New(ctx, icecat.WithRegion("eu-west-1"), icecat.WithFIPS(true), icecat.WithDualStack(false),
		icecat.WithMaxAttempts(7),
		icecat.WithStallTimeout(1500*time.Microsecond), icecat.WithAddressing(icecat.AddressingPath), icecat.WithChecksums(icecat.ChecksumsWhenRequired),
		icecat.WithProxy("http://127.0.0.1:3128", "localhost"), icecat.WithSSMEndpoint("http://127.0.0.1:9"), icecat.WithUserAgent("tests/1"),
		icecat.WithProxyCABundle("/etc/none.pem"), icecat.WithIgnoredEndpoints(true), icecat.WithCompatKeys(), icecat.WithDebug(),
		icecat.WithLabel("Dog"), icecat.WithMinConfidence(50), icecat.WithMaxLabels(5), icecat.WithTTL(time.Hour))
	must(t, err)
	defer client.Close()
	if client.Region() != "eu-west-1" || client.Endpoint("s3") != "https://s3-fips.eu-west-1.amazonaws.com" ||
		client.Endpoint("ssm") != "http://127.0.0.1:9" || client.Endpoint("x") != "" {
		t.Errorf("%s %s %s", client.Region(), client.Endpoint("s3"), client.Endpoint("ssm"))
	}
	settings, err := client.Settings()
	must(t, err)
	for name, value := range map[string]string{"region": "eu-west-1", "max_attempts": "7", "stall_timeout_ms": "2",
		"s3_addressing_style": "path",
		"use_fips_endpoint":   "true", "use_dualstack_endpoint": "false", "request_checksum_calculation": "when_required", "proxy": "http://127.0.0.1:3128",
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
	if _, err := icecat.NewProviderCredentials(nil, nil); !errors.Is(err, icecat.ErrArgument) {
		t.Errorf("no provider: %v", err)
	}
}

func TestTheChainOfSources(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	folder := t.TempDir()
	file := filepath.Join(folder, "credentials")
	must(t, os.WriteFile(file, []byte("[work]\naws_access_key_id = AKIDFILE\naws_secret_access_key = S3CR3T\n"), 0o600))
	var lines []string
	chain, err := icecat.NewCredentials(&icecat.CredentialsOptions{Profile: "work", ConfigFile: filepath.Join(folder,
		"none"), CredentialsFile: file,
		LogLevel: icecat.LogDebug, Log: func(_ icecat.LogLevel, area, text string) { lines = append(lines, area+" "+text) }})
	must(t, err)
	defer chain.Close()
	findings, err := chain.Report(context.Background())
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
}
