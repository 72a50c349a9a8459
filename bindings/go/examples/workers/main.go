// Workers submits every picture of a folder with a pool of goroutines, polls the table until each has a verdict, and
// prints them. Settings come from the environment, as icecat-local and the AWS SDKs have them.
//
//	workers [-workers N] [-timeout DURATION] FOLDER
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"time"

	"icecat.invalid/icecat"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	workers := flag.Int("workers", 8, "pictures that are submitted at a time")
	timeout := flag.Duration("timeout", 5*time.Minute, "for all of it")
	flag.Parse()
	if flag.NArg() != 1 || *workers < 1 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, cancel := context.WithTimeout(ctx, *timeout)
	defer cancel()
	if err := run(ctx, flag.Arg(0), *workers, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, folder string, workers int, out io.Writer) error {
	client, err := icecat.New(ctx)
	if err != nil {
		return err
	}
	defer client.Close()
	paths, err := pictures(folder)
	if err != nil {
		return err
	}
	batch, err := icecat.NewBatchID()
	if err != nil {
		return err
	}
	sent := submitAll(ctx, client, batch, paths, workers)
	results, err := poll(ctx, client, batch, sent)
	show(out, sent, results)
	return err
}

// pictures are the files of a folder that are named as pictures.
func pictures(folder string) ([]string, error) {
	var paths []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch strings.ToLower(filepath.Ext(path)) {
		case ".jpg", ".jpeg", ".png":
			if entry.Type().IsRegular() {
				paths = append(paths, path)
			}
		}
		return nil
	})
	return paths, err
}

// outcome is what became of one picture's submission.
type outcome struct {
	path        string
	fingerprint string
	err         error
}

// submitAll lets workers take paths until there are no more. Each call has a goroutine and, while it waits in C, a thread
// of its own; one client serves them all.
func submitAll(ctx context.Context, client *icecat.Client, batch icecat.BatchID, paths []string, workers int) []outcome {
	work, done := make(chan string), make(chan outcome)
	var all sync.WaitGroup
	for i := 0; i < workers; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for path := range work {
				sent, err := client.Submit(ctx, icecat.File(path), &icecat.SubmitOptions{Batch: batch})
				done <- outcome{path, sent.Fingerprint, err}
			}
		}()
	}
	go func() {
		for _, path := range paths {
			work <- path
		}
		close(work)
		all.Wait()
		close(done)
	}()
	var outcomes []outcome
	for one := range done {
		outcomes = append(outcomes, one)
	}
	sort.Slice(outcomes, func(i, j int) bool { return outcomes[i].path < outcomes[j].path })
	return outcomes
}

// poll looks until every picture has a verdict. client.Wait does the same; here a program has its own rhythm.
func poll(ctx context.Context, client *icecat.Client, batch icecat.BatchID, sent []outcome) (map[string]icecat.Result, error) {
	wanted := fingerprints(sent)
	results := make(map[string]icecat.Result)
	if len(wanted) == 0 {
		return results, nil
	}
	for {
		pending := 0
		var failed error
		client.Results(ctx, batch, &icecat.ResultsOptions{Fingerprints: wanted})(func(one icecat.Result, err error) bool {
			failed = err
			results[one.Fingerprint] = one
			if one.State == icecat.Missing || one.State == icecat.Pending {
				pending++
			}
			return err == nil
		})
		var failure *icecat.Error
		if failed != nil && !(errors.As(failed, &failure) && failure.Retryable) {
			return results, failed
		}
		if failed == nil && pending == 0 {
			return results, nil
		}
		select {
		case <-ctx.Done():
			return results, fmt.Errorf("%d pictures have no verdict: %w", pending, ctx.Err())
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func fingerprints(sent []outcome) []string {
	var found []string
	seen := make(map[string]bool)
	for _, one := range sent {
		if one.err == nil && !seen[one.fingerprint] {
			seen[one.fingerprint] = true
			found = append(found, one.fingerprint)
		}
	}
	return found
}

func show(out io.Writer, sent []outcome, results map[string]icecat.Result) {
	for _, one := range sent {
		result := results[one.fingerprint]
		verdict := result.State.String()
		switch {
		case one.err != nil:
			verdict = one.err.Error()
		case result.State == icecat.Judged && result.IsCat:
			verdict = "cat"
		case result.State == icecat.Judged:
			verdict = "no cat"
		}
		fmt.Fprintf(out, "%s: %s\n", filepath.Base(one.path), verdict)
	}
}
