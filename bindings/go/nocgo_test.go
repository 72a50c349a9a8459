//go:build !cgo

package icecat_test

import (
	"context"
	"errors"
	"testing"

	"icecat.invalid/icecat"
)

// A program that was built without cgo says so, whatever it calls first.
func TestNoCgo(t *testing.T) {
	_, err := icecat.New(context.Background(), icecat.WithRegion("eu-west-1"))
	expectNoCgo(t, "New", err)
	_, err = icecat.Validate(icecat.Bytes(nil), nil)
	expectNoCgo(t, "Validate", err)
	_, err = icecat.Validate(sample("tabby.jpg"), nil)
	expectNoCgo(t, "Validate", err)
	_, err = icecat.Sign(&icecat.SignRequest{Method: "GET", URL: "https://h/"}, exampleOptions())
	expectNoCgo(t, "Sign", err)
	_, err = icecat.NewBatch()
	expectNoCgo(t, "NewBatch", err)
	_, err = icecat.NewCredentials(nil)
	expectNoCgo(t, "NewCredentials", err)
	if icecat.Version() != "" || icecat.ErrNotFound.Error() == "" {
		t.Error("there is a library")
	}
}

func expectNoCgo(t *testing.T, name string, err error) {
	t.Helper()
	if !errors.Is(err, icecat.ErrNoCgo) {
		t.Errorf("%s: %v", name, err)
	}
}
