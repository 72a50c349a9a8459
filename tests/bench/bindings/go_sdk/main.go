// The upload of a folder by the AWS SDK for Go: so many goroutines, each with PutObject, as icecat submits it.
//
//	go_sdk FOLDER JOBS
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(folder, jobs string) error {
	ctx := context.Background()
	settings, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	client := s3.NewFromConfig(settings, func(o *s3.Options) { o.UsePathStyle = true })
	workers, err := strconv.Atoi(jobs)
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	work := make(chan string)
	failures := make(chan error, workers)
	var all sync.WaitGroup
	for i := 0; i < workers; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for name := range work {
				if err := put(ctx, client, folder, name); err != nil {
					failures <- err
					return
				}
			}
		}()
	}
	for _, entry := range entries {
		select {
		case work <- entry.Name():
		case err := <-failures:
			return err
		}
	}
	close(work)
	all.Wait()
	close(failures)
	return <-failures
}

func put(ctx context.Context, client *s3.Client, folder, name string) error {
	file, err := os.Open(filepath.Join(folder, name))
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = client.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(os.Getenv("S3BUCKET_SOURCE")), Key: aws.String("sdk/" + name),
		Body: file, ContentType: aws.String("image/jpeg")})
	return err
}
