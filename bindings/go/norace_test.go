//go:build !race

package icecat_test

const isRace = false
