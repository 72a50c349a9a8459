//go:build !go1.21

package icecat

import "context"

// watch calls a function when the context is done. What it gives ends that, and returns when nothing of it runs.
func watch(ctx context.Context, done func()) (join func()) {
	returned, finished := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(finished)
		select {
		case <-ctx.Done():
			done()
		case <-returned:
		}
	}()
	return func() {
		close(returned)
		<-finished
	}
}

// cause is why the context ended.
func cause(ctx context.Context) error { return ctx.Err() }
