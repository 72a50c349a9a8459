// Overhead tells what a cheap call costs in Go beside the work that C does: nanoseconds of CPU time of one call, the best of
// several rounds of each, turn by turn in one process. The garbage collector's work is in Go's time.
//
//	overhead PICTURE
package main

// #cgo pkg-config: libicecat
// #include "loop.h"
import "C"

import (
	"fmt"
	"os"
	"syscall"
	"time"
	"unsafe"

	"icecat.invalid/icecat"
)

const rounds, calls = 15, 20_000

func cpu() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func main() {
	picture, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	fmt.Printf("%-10s%10s%10s%12s\n", "ns a call", "C", "Go", "Go over C")
	row("validate", func() float64 {
		return float64(C.loop_probe((*C.uchar)(unsafe.Pointer(&picture[0])), C.size_t(len(picture)), calls))
	}, func() {
		if _, err := icecat.Validate(icecat.Bytes(picture), nil); err != nil {
			panic(err)
		}
	})
	body := []byte(`{"TableName":"cats"}`)
	keys := icecat.Keys{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "wJalrXUtnFEMI"}
	when := time.Unix(1440938160, 0)
	row("sign", func() float64 { return float64(C.loop_sign(calls)) }, func() {
		_, err := icecat.Sign(&icecat.SignRequest{Method: "POST", URL: "https://dynamodb.eu-west-1.amazonaws.com/", Body: body},
			&icecat.SignOptions{Keys: keys, Region: "eu-west-1", Service: "dynamodb", Time: when})
		if err != nil {
			panic(err)
		}
	})
}

func row(name string, inC func() float64, inGo func()) {
	bestC, bestGo := 0.0, 0.0
	for round := 0; round < rounds; round++ {
		bestC = least(bestC, inC())
		start := cpu()
		for i := 0; i < calls; i++ {
			inGo()
		}
		bestGo = least(bestGo, float64(cpu()-start)/calls)
	}
	fmt.Printf("%-10s%10.0f%10.0f%12.0f\n", name, bestC, bestGo, bestGo-bestC)
}

// least: what disturbs a round only ever adds.
func least(best, one float64) float64 {
	if one < 0 {
		panic("a call failed")
	}
	if best == 0 || one < best {
		return one
	}
	return best
}
