#![no_main]
libfuzzer_sys::fuzz_target!(|input: &[u8]| gridkey_protocol::fuzzing::receipt(input));
