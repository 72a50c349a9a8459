//go:build go1.21

package icecat

import "context"

// watch calls a function when the context is done. What it gives ends that, and returns when nothing of it runs.
func watch(ctx context.Context, done func()) (join func()) {
	finished := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(finished)
		done()
	})
	return func() {
		if !stop() {
			<-finished
		}
	}
}

// cause is why the context ended.
func cause(ctx context.Context) error { return context.Cause(ctx) }
