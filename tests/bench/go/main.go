// The signer of the AWS SDK for Go: nanoseconds of CPU and allocations of one signature by headers, with
// the signing key kept, for the same request as bench_sign.c.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"sort"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const (
	rounds = 9
	times  = 20000
	hash   = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"
	url    = "https://cat-pictures.s3.us-east-1.amazonaws.com/0eaf1da24040b4c3f2a1d0987654321fedcba09876543210abcdef" +
		"0123456789/desk/batch-1744377772123456/2025-04-11-13/1744377772.jpg"
)

func cpu() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func main() {
	signer := v4.NewSigner(func(options *v4.SignerOptions) { options.DisableURIPathEscaping = true })
	keys := aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}
	when := time.Unix(1440938160, 0).UTC()
	request, err := http.NewRequest("PUT", url, nil)
	if err != nil {
		panic(err)
	}
	sign := func() {
		request.Header = http.Header{
			"Content-Type":                  {"image/jpeg"},
			"X-Amz-Content-Sha256":          {hash},
			"X-Amz-Meta-Original-File-Name": {"siberian%20kitten.jpg"},
		}
		if err := signer.SignHTTP(context.Background(), keys, request, hash, "s3", "us-east-1", when); err != nil {
			panic(err)
		}
	}
	sign()
	if len(os.Args) > 1 && os.Args[1] == "-v" {
		fmt.Println(request.Header.Get("Authorization"))
		return
	}
	var took []float64
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for round := 0; round < rounds; round++ {
		start := cpu()
		for i := 0; i < times; i++ {
			sign()
		}
		took = append(took, float64(cpu()-start)/times)
	}
	runtime.ReadMemStats(&after)
	sort.Float64s(took)
	fmt.Printf("%.0f %d\n", took[rounds/2], (after.Mallocs-before.Mallocs)/(rounds*times))
}
