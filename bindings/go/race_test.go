//go:build race

package icecat_test

// isRace: the race detector keeps memory of its own.
const isRace = true
