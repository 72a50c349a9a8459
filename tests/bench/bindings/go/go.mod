module icecat.invalid/bench/bindings

go 1.19

require icecat.invalid/icecat v0.1.0

replace icecat.invalid/icecat => ../../../../bindings/go
