// Package testlocal starts icecat-local for tests: the services of AWS on this machine.
package testlocal

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const (
	startTime  = 30 * time.Second
	stopTime   = 20 * time.Second
	lastExport = "DYNAMODB_TABLE_NAME"
)

// Local is a running icecat-local.
type Local struct {
	Env     map[string]string // What it exported.
	dir     string
	log     *os.File
	process *exec.Cmd
}

// Root is the checkout.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..", "..")
}

// Built is a program of the build folder that ICECAT_BUILD_DIR names; an error when it is not there.
func Built(path string) (string, error) {
	build := os.Getenv("ICECAT_BUILD_DIR")
	if build == "" {
		return "", errors.New("ICECAT_BUILD_DIR is not set: it names the build folder that has icecat-local")
	}
	program := filepath.Join(build, path)
	if _, err := os.Stat(program); err != nil {
		return "", fmt.Errorf("%s is not built", program)
	}
	return filepath.Abs(program)
}

// Start starts one with the real Lambda function, on a free port, in a folder of its own.
func Start(options ...string) (*Local, error) {
	program, err := Built("examples/local/icecat-local")
	if err != nil {
		return nil, err
	}
	bootstrap, err := Built("examples/lambda/bootstrap")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "icecat-go-")
	if err != nil {
		return nil, err
	}
	l := &Local{Env: map[string]string{}, dir: dir}
	l.log, err = os.Create(filepath.Join(dir, "log"))
	if err == nil {
		arguments := append([]string{"--data", filepath.Join(dir, "data"), "--init", "-v", "--bootstrap", bootstrap}, options...)
		err = l.run(exec.Command(program, arguments...))
	}
	if err != nil {
		log := l.Log()
		_ = l.Stop()
		return nil, fmt.Errorf("%w\n%s", err, log)
	}
	return l, nil
}

// Need is Start for one test, which is skipped when nothing is built.
func Need(t testing.TB, options ...string) *Local {
	t.Helper()
	if _, err := Built("examples/local/icecat-local"); err != nil {
		t.Skip(err)
	}
	l, err := Start(options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Stop(); err != nil {
			t.Error(err)
		}
	})
	return l
}

func (l *Local) run(process *exec.Cmd) error {
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "AWS_") {
			process.Env = append(process.Env, variable)
		}
	}
	process.Stderr = l.log
	output, err := process.StdoutPipe()
	if err != nil {
		return err
	}
	if err := process.Start(); err != nil {
		return err
	}
	l.process = process
	late := time.AfterFunc(startTime, func() { _ = process.Process.Kill() })
	defer late.Stop()
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		name, value, ok := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "=")
		if !ok {
			return fmt.Errorf("not an export: %s", lines.Text())
		}
		l.Env[name] = strings.Trim(value, "'\"")
		if name == lastExport {
			return nil
		}
	}
	return errors.New("icecat-local ended at its start")
}

// Log is what it said so far.
func (l *Local) Log() string {
	text, _ := os.ReadFile(filepath.Join(l.dir, "log"))
	return string(text)
}

// Stop ends it by its process id, and removes its folder.
func (l *Local) Stop() error {
	defer os.RemoveAll(l.dir)
	if l.log != nil {
		defer l.log.Close()
	}
	if l.process == nil {
		return nil
	}
	_ = l.process.Process.Signal(syscall.SIGTERM)
	late := time.AfterFunc(stopTime, func() { _ = l.process.Process.Kill() })
	defer late.Stop()
	if err := l.process.Wait(); err != nil {
		return fmt.Errorf("icecat-local: %w\n%s", err, l.Log())
	}
	return nil
}

// Sample is the path of a sample picture.
func Sample(name string) string { return filepath.Join(Root(), "examples", "samples", name) }

var variants uint64

// Variant is another JPEG with the pixels of a sample: a comment stands after its first marker.
func Variant(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(Sample(name))
	if err != nil || !bytes.HasPrefix(data, []byte{0xff, 0xd8}) {
		t.Fatalf("%s is no JPEG: %v", name, err)
	}
	comment := fmt.Sprintf("number %d %d", os.Getpid(), atomic.AddUint64(&variants, 1))
	made := append([]byte{0xff, 0xd8, 0xff, 0xfe}, binary.BigEndian.AppendUint16(nil, uint16(len(comment)+2))...)
	return append(append(made, comment...), data[2:]...)
}

// Folder has so many pictures, which all differ; their paths come back.
func Folder(t testing.TB, count int) []string {
	t.Helper()
	folder := t.TempDir()
	paths := make([]string, count)
	for i := range paths {
		paths[i] = filepath.Join(folder, fmt.Sprintf("%05d.jpg", i))
		if err := os.WriteFile(paths[i], Variant(t, "dog.jpg"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return paths
}
