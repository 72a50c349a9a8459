package icecat

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"

	"icecat.invalid/icecat/internal/testlocal"
)

var (
	comment      = regexp.MustCompile(`(?s)/\*.*?\*/`)
	declaration  = regexp.MustCompile(`(?s)ICECAT_(?:API|EXPERIMENTAL)\b[^;{]*?\b(icecat_\w+)\s*\(`)
	structure    = regexp.MustCompile(`(?s)typedef struct (icecat_\w+) \{(.*?)\}`)
	field        = regexp.MustCompile(`(\w+)(?:\[\w+\])?;`)
	constant     = regexp.MustCompile(`(?m)^#define (ICECAT_\w+)\s+(\d+)u?\s*$`)
	enumerator   = regexp.MustCompile(`(?m)^\s+(ICECAT_\w+)\s*=\s*(\d+)`)
	name         = regexp.MustCompile(`\bicecat_\w+\b`)
	continuation = strings.NewReplacer("\\\n", " ")
)

// headers are the public headers, without comments.
func headers(t *testing.T) string {
	t.Helper()
	return joined(t, filepath.Join(testlocal.Root(), "include", "icecat", "*.h"))
}

// joined is the text of all files of a pattern, without comments.
func joined(t *testing.T, pattern string) string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: no files, %v", pattern, err)
	}
	var all strings.Builder
	for _, each := range paths {
		text, err := os.ReadFile(each)
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(continuation.Replace(comment.ReplaceAllString(string(text), " ")))
	}
	return all.String()
}

// skips are the patterns of skipped.txt, each with the names that it was used for.
func skips(t *testing.T) map[string]int {
	t.Helper()
	text, err := os.ReadFile("skipped.txt")
	if err != nil {
		t.Fatal(err)
	}
	patterns := map[string]int{}
	for _, line := range strings.Split(string(text), "\n") {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		if len(fields) < 2 {
			t.Errorf("skipped.txt gives no reason for %s", fields[0])
		}
		patterns[fields[0]] = 0
	}
	return patterns
}

func isSkipped(patterns map[string]int, wanted string) bool {
	for pattern := range patterns {
		if ok, _ := path.Match(pattern, wanted); ok {
			patterns[pattern]++
			return true
		}
	}
	return false
}

// Every function and every field of the library is used, or skipped.txt says why not.
func TestNothingOfTheLibraryIsForgotten(t *testing.T) {
	public, ours := headers(t), joined(t, "*.c")
	patterns := skips(t)
	used := map[string]bool{}
	for _, each := range name.FindAllString(ours, -1) {
		used[each] = true
	}
	functions := declaration.FindAllStringSubmatch(public, -1)
	for _, match := range functions {
		expectUsedOrSkipped(t, patterns, match[1], used[match[1]])
	}
	for _, match := range structure.FindAllStringSubmatch(public, -1) {
		if isFunctionTable(match[1]) {
			continue
		}
		for _, each := range field.FindAllStringSubmatch(match[2], -1) {
			if each[1] == "struct_size" || each[1] == "reserved" {
				continue
			}
			used := regexp.MustCompile(`(?:->|\.)` + each[1] + `\b`).MatchString(ours)
			expectUsedOrSkipped(t, patterns, match[1]+"."+each[1], used)
		}
	}
	for pattern, count := range patterns {
		if count == 0 {
			t.Errorf("skipped.txt has %s, which the library has not", pattern)
		}
	}
	if len(functions) < 150 {
		t.Errorf("only %d functions were found in the headers", len(functions))
	}
}

// isFunctionTable: these are initialised whole.
func isFunctionTable(structure string) bool {
	return structure == "icecat_allocator" || structure == "icecat_clock" || structure == "icecat_transport"
}

func expectUsedOrSkipped(t *testing.T, patterns map[string]int, what string, used bool) {
	t.Helper()
	skipped := isSkipped(patterns, what)
	if !used && !skipped {
		t.Errorf("%s is not used: bind it, or say why not in skipped.txt", what)
	}
	if used && skipped {
		t.Errorf("%s is used, but skipped.txt has it", what)
	}
}

// goConstants are the numbers of this package's constants, by their names.
func goConstants(t *testing.T) map[string]uint64 {
	t.Helper()
	packages, err := parser.ParseDir(token.NewFileSet(), ".", func(info os.FileInfo) bool {
		return !strings.HasSuffix(info.Name(), "_test.go")
	}, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]uint64{}
	ast.Inspect(packages["icecat"], func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for i, value := range spec.Values {
			literal, ok := value.(*ast.BasicLit)
			if ok && literal.Kind == token.INT {
				found[spec.Names[i].Name], _ = strconv.ParseUint(literal.Value, 0, 64)
			}
		}
		return true
	})
	return found
}

// named is which constant of Go a constant of C is; those that are no part of the package's words are left out.
var named = map[string]string{
	"ICECAT_ADDRESSING_AUTO": "AddressingAuto", "ICECAT_ADDRESSING_PATH": "AddressingPath", "ICECAT_ADDRESSING_VIRTUAL": "AddressingVirtualHost",
	"ICECAT_SWITCH_ON": "switchOn", "ICECAT_SWITCH_OFF": "switchOff", "ICECAT_CHECKSUM_DEFAULT": "ChecksumsDefault",
	"ICECAT_CHECKSUM_WHEN_SUPPORTED": "ChecksumsWhenSupported", "ICECAT_CHECKSUM_WHEN_REQUIRED": "ChecksumsWhenRequired",
	"ICECAT_LOG_ERROR": "LogError", "ICECAT_LOG_WARN": "LogWarn", "ICECAT_LOG_INFO": "LogInfo", "ICECAT_LOG_DEBUG": "LogDebug",
	"ICECAT_LOG_TRACE": "LogTrace", "ICECAT_CREDENTIALS_USED": "Used", "ICECAT_CREDENTIALS_PASSED_OVER": "PassedOver",
	"ICECAT_CREDENTIALS_FAILED": "Failed", "ICECAT_CREDENTIALS_NOT_REACHED": "NotReached", "ICECAT_IMAGE_UNKNOWN": "FormatUnknown",
	"ICECAT_IMAGE_JPEG": "FormatJPEG", "ICECAT_IMAGE_PNG": "FormatPNG", "ICECAT_IMAGE_WARN_TRAILING_DATA": "WarnTrailingData",
	"ICECAT_IMAGE_WARN_EXIF_DAMAGED": "WarnEXIFDamaged", "ICECAT_IMAGE_WARN_EXTENSION": "WarnExtension", "ICECAT_IMAGE_WARN_JUNK": "WarnJunk",
	"ICECAT_IMAGE_WARN_TAIL_UNSEEN": "WarnTailUnseen", "ICECAT_IMAGE_WARN_HEADER_UNSEEN": "WarnHeaderUnseen",
	"ICECAT_IMAGE_WARN_CHUNK_CRC": "WarnChunkCRC", "ICECAT_COLOUR_UNKNOWN": "ColourUnknown", "ICECAT_COLOUR_GREY": "ColourGrey",
	"ICECAT_COLOUR_RGB": "ColourRGB", "ICECAT_COLOUR_PALETTE": "ColourPalette", "ICECAT_COLOUR_YCBCR": "ColourYCbCr",
	"ICECAT_COLOUR_CMYK": "ColourCMYK", "ICECAT_COLOUR_YCCK": "ColourYCCK", "ICECAT_SUBMITTED": "Submitted", "ICECAT_DUPLICATE": "Duplicate",
	"ICECAT_REJECTED": "Rejected", "ICECAT_FAILED": "NotSent", "ICECAT_KNOWN": "Known", "ICECAT_PROCESSED": "Processed",
	"ICECAT_PROCESSED_BEFORE": "ProcessedBefore", "ICECAT_PROCESSED_REFUSED": "ProcessedRefused", "ICECAT_RESULT_MISSING": "Missing",
	"ICECAT_RESULT_PENDING": "Pending", "ICECAT_RESULT_SUCCESS": "Judged", "ICECAT_RESULT_FAIL": "Refused", "ICECAT_VERDICT_CAT": "Cat",
	"ICECAT_VERDICT_NOT_CAT": "NotCat", "ICECAT_SIGV4_OMIT_SESSION_TOKEN": "flagOmitSessionToken", "ICECAT_SIGV4_KEEP_PATH": "flagKeepPath",
	"ICECAT_SIGV4_PRESIGN": "flagPresign", "ICECAT_SIGV4_CONTENT_SHA256": "flagContentSHA256", "ICECAT_SIGV4_UNTOLD": "Untold",
	"ICECAT_SIGV4_SAME": "SameCalculation", "ICECAT_SIGV4_DIFFERENT_METHOD": "DifferentMethod", "ICECAT_SIGV4_DIFFERENT_PATH": "DifferentPath",
	"ICECAT_SIGV4_DIFFERENT_QUERY": "DifferentQuery", "ICECAT_SIGV4_DIFFERENT_HEADER": "DifferentHeader",
	"ICECAT_SIGV4_DIFFERENT_HEADER_LIST": "DifferentHeaderList", "ICECAT_SIGV4_DIFFERENT_PAYLOAD": "DifferentPayload",
	"ICECAT_SIGV4_DIFFERENT_ALGORITHM": "DifferentAlgorithm", "ICECAT_SIGV4_DIFFERENT_DATE": "DifferentDate",
	"ICECAT_SIGV4_DIFFERENT_SCOPE": "DifferentScope", "ICECAT_SIGV4_VERIFIED": "Verified", "ICECAT_SIGV4_MISSING": "NoSignature",
	"ICECAT_SIGV4_UNSUPPORTED": "OtherAlgorithm", "ICECAT_SIGV4_MALFORMED": "Malformed", "ICECAT_SIGV4_WRONG_DATE": "WrongDate",
	"ICECAT_SIGV4_WRONG_SCOPE": "WrongScope", "ICECAT_SIGV4_SKEWED": "Skewed", "ICECAT_SIGV4_EXPIRED": "Expired",
	"ICECAT_SIGV4_UNSIGNED_HEADER": "UnsignedHeader", "ICECAT_SIGV4_ABSENT_HEADER": "AbsentHeader", "ICECAT_SIGV4_MISMATCH": "WrongSignature",
}

// unnamed are constants of C that have no name in Go: formats and reasons have one as text, the others are C's own business.
var unnamed = regexp.MustCompile(`^ICECAT_(OK|IMAGE_REASON_\w+|IMAGE_[A-Z0-9_]+|LOG_NONE|SWITCH_DEFAULT|PROFILE_\w+|VERSION_\w+|` +
	`SIGV4_SIGNATURE_SIZE|SIGV4_CHUNK_HEAD_SIZE|REKOGNITION_MAX_BYTES)$`)

func TestConstantsAreThoseOfTheLibrary(t *testing.T) {
	ours, public := goConstants(t), headers(t)
	all := append(constant.FindAllStringSubmatch(public, -1), enumerator.FindAllStringSubmatch(public, -1)...)
	sort.Slice(all, func(i, j int) bool { return all[i][1] < all[j][1] })
	statuses := 0
	for _, match := range all {
		value, _ := strconv.ParseUint(match[2], 10, 64)
		if strings.HasPrefix(match[1], "ICECAT_E_") {
			statuses++
			expectStatus(t, ours, match[1], value)
			continue
		}
		goName, ok := named[match[1]]
		number, has := ours[goName]
		switch {
		case !ok && !unnamed.MatchString(match[1]):
			t.Errorf("%s has no name in Go", match[1])
		case ok && (!has || number != value):
			t.Errorf("%s is %d, %s is %d", match[1], value, goName, number)
		}
	}
	if statuses < 37 {
		t.Errorf("only %d statuses were found", statuses)
	}
	for goName, cName := range map[string]string{"onNext": "NEXT", "onSettled": "SETTLED", "onKnown": "KNOWN", "onProgress": "PROGRESS",
		"onWait": "WAIT", "onLog": "LOG", "onKeys": "KEYS", "onFree": "FREE", "onRandom": "RANDOM", "onNow": "NOW",
		"onMonotonic": "MONOTONIC", "onSleep": "SLEEP", "onRequest": "REQUEST"} {
		expectOwn(t, "shim.h", `GOICECAT_ON_`+cName+` = (\d+)`, ours[goName])
	}
	for goName, cName := range map[string]string{"hasLog": "LOG", "hasClock": "CLOCK", "hasRandom": "RANDOM",
		"hasTransport": "TRANSPORT", "hasSleep": "SLEEP"} {
		expectOwn(t, "shim_hooks.h", `GOICECAT_HAS_`+cName+`\s+(\d+)u`, ours[goName])
	}
	for goName, cName := range map[string]string{"isString": "STRING", "isNumber": "NUMBER", "isInt": "INT", "isBool": "BOOL"} {
		expectOwn(t, "shim_dynamodb.c", `IS_`+cName+` = (\d+)`, ours[goName])
	}
}

// expectStatus: the number is there, and C calls it by the same name.
func expectStatus(t *testing.T, ours map[string]uint64, cName string, value uint64) {
	t.Helper()
	if got := Status(value).String(); got != cName {
		t.Errorf("%s is %d, which the library calls %s", cName, value, got)
	}
	short := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(cName, "ICECAT_E_"), "_", ""))
	for goName, number := range ours {
		if strings.ToLower(goName) == "err"+short && number == value {
			return
		}
	}
	t.Errorf("%s has no Status in Go", cName)
}

func expectOwn(t *testing.T, file, pattern string, value uint64) {
	t.Helper()
	match := regexp.MustCompile(pattern).FindStringSubmatch(joined(t, file))
	if match == nil || match[1] != strconv.FormatUint(value, 10) {
		t.Errorf("%s in %s is not %d", pattern, file, value)
	}
}
