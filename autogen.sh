#!/bin/sh
# Creates configure in a fresh checkout.
cd "$(dirname "$0")" && exec autoreconf -fi
