module icecat.invalid/icecat

go 1.19
