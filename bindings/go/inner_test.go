package icecat

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestDynamoDBJSON(t *testing.T) {
	var document any
	err := json.Unmarshal([]byte(`[{"N":"1"},{"M":{"k":{"NULL":true},"b":{"BOOL":true}}},{"SS":["a"]},{"NS":["1","2"]},{"BS":["aGk="]},{"B":"aGk="},{"L":[]}]`), &document)
	if err != nil {
		t.Fatal(err)
	}
	want := []any{json.Number("1"), Item{"k": nil, "b": true}, StringSet{"a"}, NumberSet{"1", "2"},
		BinarySet{[]byte("hi")}, []byte("hi"), []any{}}
	if got := plain("L", document); !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, want %#v", got, want)
	}
}

func TestDotenv(t *testing.T) {
	document := "\ufeffexport A = 1 # x\r\nB='a\\'b ${C}'\nC=\"x\\ny\" # z\n# c\n\nD=a#b\nA=2\nE=\nF=\"two\nlines\"\n"
	got, problem := parseDotenv(document)
	want := map[string]string{"A": "2", "B": "a'b ${C}", "C": "x\ny", "D": "a#b", "E": "", "F": "two\nlines"}
	if problem != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, %v", got, problem)
	}
	for _, wrong := range []string{"A", "A='b", "A='b' c", "1A=b", "A=${B}", "A=\"${B}\""} {
		if _, problem := parseDotenv("X=1\n" + wrong + "\n"); problem == nil || problem.number != 2 || strings.Contains(problem.problem, "'b") {
			t.Errorf("%s: %v", wrong, problem)
		}
	}
	if _, problem := parseDotenv("A=1\x00"); problem == nil {
		t.Error("a zero byte was read")
	}
}

func TestDotenvFiles(t *testing.T) {
	folder := t.TempDir()
	was, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chdir(folder); err != nil {
		t.Fatal(err)
	}
	defer os.Chdir(was)
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if os.MkdirAll(filepath.Dir(path), 0o700) != nil || os.WriteFile(path, []byte(text), 0o600) != nil {
			t.Fatal(path)
		}
		return path
	}
	write("config/prod", "AWS_REGION=eu-west-3\nS3BUCKET_SOURCE=cats\nAWS_MAX_ATTEMPTS=9\nAWS_ACCESS_KEY_ID=A\nAWS_SECRET_ACCESS_KEY=S\n")
	t.Setenv("AWS_REGION", "eu-west-1")
	t.Setenv("S3BUCKET_SOURCE", "others")
	t.Setenv("DYNAMODB_TABLE_NAME", "table")
	c, err := configure([]Option{WithDotenv("prod"), WithBucket("mine")})
	if err != nil || c.client.region != "eu-west-3" || c.pipeline.bucket != "mine" || c.pipeline.table != "table" ||
		c.client.maxAttempts != 9 || c.keys.SecretAccessKey != "S" {
		t.Errorf("%+v, %v", c, err)
	}
	for path, why := range map[string]string{
		"none": "config/none", "/no/where": "no such file", write("broken",
			"A\n"): "broken:1: expected", write("attempts", "AWS_MAX_ATTEMPTS=x\n"): "whole number",
		write("half", "AWS_ACCESS_KEY_ID=A\n"): "only one",
	} {
		if _, err := configure([]Option{WithDotenv(path)}); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// Go and C disagreeing about arguments is told, and does nothing worse.
func TestWrongArgumentsAreADefectThatIsTold(t *testing.T) {
	f := newFrame("test")
	defer f.end()
	f.number(1)
	f.number(2)
	if err := f.run(opStatus, nil); err.(*Error).Status != ErrInternal {
		t.Errorf("too many: %v", err)
	}
	short := newFrame("test")
	defer short.end()
	short.length(1000)
	if err := short.run(opDependency, nil); err.(*Error).Status != ErrInternal {
		t.Errorf("too few: %v", err)
	}
	many := newFrame("test")
	defer many.end()
	many.number(1 << 60)
	if err := many.run(opSSMParameters, nil); err == nil {
		t.Error("2^60 names were taken")
	}
}

// A frame that is used again holds nothing of the call before.
func TestFramesAreClean(t *testing.T) {
	f := newFrame("test")
	Keys{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "S3CR3T"}.write(f)
	args := f.args
	f.end()
	if strings.Contains(string(args[:cap(args)]), "S3CR3T") {
		t.Error("a secret was left")
	}
	if f.owner != nil || f.ctx != nil || f.record.object != 0 || f.record.call != 0 || f.op != "" || len(f.args) != 0 {
		t.Errorf("%+v", f.record)
	}
}
