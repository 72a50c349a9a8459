//go:build cgo && !icecat_static

package icecat

// This program is linked with the shared library. The choice is a file of its own: go keeps what it built by the files that
// went into it, and does not look at the flags of pkg-config.

// #cgo pkg-config: libicecat
import "C"
