package icecat

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// Item is an item of DynamoDB: attributes by name.
//
// Written can be string, bool, json.Number, and Go's own integers and floats, which must be finite. What is read is
// string (S), json.Number (N), bool (BOOL), []byte (B), nil (NULL), []any (L), Item (M), StringSet (SS), NumberSet (NS)
// and BinarySet (BS).
type Item map[string]any

// Sets, as DynamoDB has them.
type (
	StringSet []string
	NumberSet []json.Number
	BinarySet [][]byte
)

// Kinds of values that are written; those of shim_dynamodb.c.
const (
	isString = 1
	isNumber = 2
	isInt    = 3
	isBool   = 4
)

func (i Item) write(f *frame) {
	f.number(uint64(len(i)))
	for name, value := range i {
		writeValue(f, name, value)
	}
}

// writeOptional writes whether there is one, too.
func (i Item) writeOptional(f *frame) {
	f.bool(i != nil)
	if i != nil {
		i.write(f)
	}
}

func writeValue(f *frame, name string, value any) {
	kind := func(kind uint64) {
		f.number(kind)
		f.text(name)
	}
	switch v := value.(type) {
	case string:
		kind(isString)
		f.text(v)
	case json.Number:
		kind(isNumber)
		f.text(v.String())
	case bool:
		kind(isBool)
		f.bool(v)
	case int:
		kind(isInt)
		f.signed(int64(v))
	case int64:
		kind(isInt)
		f.signed(v)
	default:
		number, ok := decimal(v)
		if !ok {
			f.refuse(name, fmt.Sprintf(" is %T: text, numbers and bool can be written", value))
		}
		kind(isNumber)
		f.text(number)
	}
}

// decimal is a number as DynamoDB writes it.
func decimal(value any) (string, bool) {
	switch v := value.(type) {
	case BatchID:
		return strconv.FormatUint(uint64(v), 10), true
	case int8, int16, int32, uint, uint8, uint16, uint32, uint64:
		return fmt.Sprint(v), true
	case float32:
		return finite(float64(v), 32)
	case float64:
		return finite(v, 64)
	}
	return "", false
}

func finite(value float64, bits int) (string, bool) {
	return strconv.FormatFloat(value, 'g', -1, bits), !math.IsNaN(value) && !math.IsInf(value, 0)
}

func readItem(r *reader) Item {
	count := r.int()
	item := make(Item, count)
	for ; count > 0; count-- {
		name, kind, value := r.text(), r.text(), r.text()
		switch kind {
		case "BOOL":
			item[name] = value == "true"
		case "L", "M", "SS", "NS", "BS":
			var inner any
			if json.Unmarshal([]byte(value), &inner) == nil {
				item[name] = plain(kind, inner)
			}
		default:
			item[name] = plain(kind, value)
		}
	}
	return item
}

// readOwned is nil when there is none.
func readOwned(r *reader) Item {
	if !r.bool() {
		return nil
	}
	return readItem(r)
}

// plain is a value of DynamoDB JSON as Go has it.
func plain(kind string, value any) any {
	text, _ := value.(string)
	list, _ := value.([]any)
	switch kind {
	case "S":
		return text
	case "N":
		return json.Number(text)
	case "B":
		bytes, _ := base64.StdEncoding.DecodeString(text)
		return bytes
	case "BOOL":
		return value == true
	case "L":
		values := make([]any, len(list))
		for i, each := range list {
			values[i] = typed(each)
		}
		return values
	case "M":
		fields, _ := value.(map[string]any)
		item := make(Item, len(fields))
		for name, each := range fields {
			item[name] = typed(each)
		}
		return item
	case "SS", "NS", "BS":
		return set(kind, list)
	}
	return nil
}

func set(kind string, list []any) any {
	strings, numbers, binaries := make(StringSet, 0), make(NumberSet, 0), make(BinarySet, 0)
	for _, each := range list {
		switch v := plain(kind[:1], each).(type) {
		case string:
			strings = append(strings, v)
		case json.Number:
			numbers = append(numbers, v)
		case []byte:
			binaries = append(binaries, v)
		}
	}
	return map[string]any{"SS": strings, "NS": numbers, "BS": binaries}[kind]
}

// typed is {"S": "..."} and so on: one type with its value.
func typed(value any) any {
	one, _ := value.(map[string]any)
	for kind, inner := range one {
		return plain(kind, inner)
	}
	return nil
}
