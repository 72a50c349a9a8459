// Submit submits a folder, as `icecat submit` does.
//
//	submit FOLDER JOBS
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"icecat.invalid/icecat"
)

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(folder, jobs string) error {
	ctx := context.Background()
	count, err := strconv.Atoi(jobs)
	if err != nil {
		return err
	}
	client, err := icecat.New(ctx, icecat.WithMaxConnections(count))
	if err != nil {
		return err
	}
	defer client.Close()
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	paths := make([]string, len(entries))
	for i, entry := range entries {
		paths[i] = filepath.Join(folder, entry.Name())
	}
	_, err = client.SubmitMany(ctx, paths, nil)
	return err
}
