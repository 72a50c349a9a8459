// Scenario is tests/scenario in Go: scenario SCENARIO FOLDER. tests/scenario/README.md tells what it must answer.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"icecat.invalid/icecat"
)

type asked struct {
	ClientID    string `json:"client_id"`
	MaxAttempts int    `json:"max_attempts"`
	WaitSeconds int    `json:"wait_s"`
	Pictures    []struct {
		File string `json:"file"`
		Kind string `json:"kind"`
	} `json:"pictures"`
}

type checked struct {
	File   string `json:"file"`
	Format string `json:"format"`
	Reason string `json:"reason"`
	Status string `json:"status"`
}

type image struct {
	File        string `json:"file"`
	Action      string `json:"action"`
	Fingerprint string `json:"fingerprint"`
	Status      string `json:"status"`
	DuplicateOf string `json:"duplicate_of"`
}

type submitted struct {
	Images []image          `json:"images"`
	Counts map[string]int64 `json:"counts"`
}

type judged struct {
	Fingerprint string   `json:"fingerprint"`
	State       string   `json:"state"`
	IsCat       bool     `json:"is_cat"`
	Confidence  float64  `json:"confidence"`
	Labels      []string `json:"labels"`
	FailCode    string   `json:"fail_code"`
	Bucket      string   `json:"bucket"`
}

type answer struct {
	Checked   []checked      `json:"checked"`
	Submitted submitted      `json:"submitted"`
	Judged    []judged       `json:"judged"`
	Forced    submitted      `json:"forced"`
	Refused   []judged       `json:"refused"`
	Absent    map[string]any `json:"absent"`
	WrongKey  map[string]any `json:"wrong_key"`
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: scenario SCENARIO FOLDER")
		os.Exit(2)
	}
	if err := answerTo(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func answerTo(file, folder string) error {
	var scenario asked
	document, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(document, &scenario)
	}
	if err != nil {
		return err
	}
	given, err := run(context.Background(), &scenario, folder)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(given)
}

func run(ctx context.Context, scenario *asked, folder string) (*answer, error) {
	var all, unsound []string
	for _, picture := range scenario.Pictures {
		path := filepath.Join(folder, picture.File)
		all = append(all, path)
		if picture.Kind != "cat" && picture.Kind != "not cat" {
			unsound = append(unsound, path)
		}
	}
	client, err := icecat.New(ctx, icecat.WithClientID(scenario.ClientID), icecat.WithMaxAttempts(scenario.MaxAttempts))
	if err != nil {
		return nil, err
	}
	defer client.Close()
	given := &answer{Checked: check(all)}
	most := time.Duration(scenario.WaitSeconds) * time.Second
	report, err := client.SubmitMany(ctx, all, nil)
	if err != nil && !errors.Is(err, icecat.ErrPartial) {
		return nil, err
	}
	given.Submitted = told(report)
	if given.Judged, err = wait(ctx, client, report, most); err != nil {
		return nil, err
	}
	forced, err := client.SubmitMany(ctx, unsound, &icecat.SubmitOptions{NoValidate: true})
	if err != nil {
		return nil, err
	}
	given.Forced = told(forced)
	if given.Refused, err = wait(ctx, client, forced, most); err != nil {
		return nil, err
	}
	_, err = client.Result(ctx, report, strings.Repeat("0", 64), nil)
	given.Absent = failure(err)
	given.WrongKey, err = withWrongKey(ctx, scenario, report.Batch)
	return given, err
}

func withWrongKey(ctx context.Context, scenario *asked, batch icecat.BatchID) (map[string]any, error) {
	client, err := icecat.New(ctx, icecat.WithClientID(scenario.ClientID),
		icecat.WithKeys(icecat.Keys{AccessKeyID: os.Getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: "wrong"}))
	if err != nil {
		return nil, err
	}
	defer client.Close()
	_, err = client.Results(ctx, batch, nil).Collect()
	return failure(err), nil
}

func statusOf(err error) string {
	var failure *icecat.Error
	if errors.As(err, &failure) {
		return failure.Status.String()
	}
	return "ICECAT_OK"
}

func failure(err error) map[string]any {
	var failed *icecat.Error
	if !errors.As(err, &failed) {
		return map[string]any{"status": "ICECAT_OK"}
	}
	return map[string]any{"status": failed.Status.String(), "aws_code": failed.AWSCode, "http_status": failed.HTTPStatus,
		"retryable": failed.Retryable}
}

func check(paths []string) []checked {
	var found []checked
	for _, path := range paths {
		info, err := icecat.Validate(icecat.File(path), nil)
		found = append(found, checked{filepath.Base(path), info.Format.String(), info.Reason.String(), statusOf(err)})
	}
	sort.Slice(found, func(i, j int) bool { return found[i].File < found[j].File })
	return found
}

func told(report *icecat.SubmitReport) submitted {
	var images []image
	for _, one := range report.Submissions {
		duplicateOf := ""
		if one.DuplicateOf != "" {
			duplicateOf = filepath.Base(one.DuplicateOf)
		}
		images = append(images, image{one.FileName, one.Action.String(), one.Fingerprint, statusOf(one.Err), duplicateOf})
	}
	sort.Slice(images, func(i, j int) bool { return images[i].File < images[j].File })
	counts := report.Counts
	return submitted{images, map[string]int64{"total": counts.Total, "submitted": counts.Submitted,
		"duplicate": counts.Duplicate, "rejected": counts.Rejected, "failed": counts.Failed}}
}

func wait(ctx context.Context, client *icecat.Client, report *icecat.SubmitReport, most time.Duration) ([]judged, error) {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	results, err := client.Wait(ctx, report, nil)
	if err != nil {
		return nil, err
	}
	found := make([]judged, 0, len(results))
	for _, one := range results {
		labels := make([]string, 0)
		for _, label := range one.Labels() {
			labels = append(labels, label.Name)
		}
		bucket, _, _ := strings.Cut(one.Object, "/")
		found = append(found, judged{one.Fingerprint, one.State.String(), one.IsCat, one.Confidence, labels, one.FailCode, bucket})
	}
	sort.Slice(found, func(i, j int) bool { return found[i].Fingerprint < found[j].Fingerprint })
	return found, nil
}
