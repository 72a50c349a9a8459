//go:build cgo

package icecat

import (
	"regexp"
	"testing"
)

// Every operation that C declares is one of Go's, and has its function.
func TestEveryOperationHasItsFunction(t *testing.T) {
	for number, function := range operations {
		if function == nil {
			t.Errorf("operation %d has no function", number)
		}
	}
	declared := regexp.MustCompile(`GOICECAT_OPERATION\((\w+)\);`).FindAllStringSubmatch(joined(t, "shim.h"), -1)
	if len(declared) != int(operationCount) {
		t.Errorf("%d operations are declared, %d are known to Go", len(declared), operationCount)
	}
}
