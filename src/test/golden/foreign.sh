#!/usr/bin/env bash
# Makes src/test/resources/golden/foreign: a second and a half of recordings as other programs write them. Needs an ffmpeg with lame
# and Opus; foreign.sh [FFMPEG]. The tests compare with what ffmpeg itself decodes, so that any version may have made them.
set -euo pipefail
cd "$(dirname "$0")/../../.."
ffmpeg=${1:-ffmpeg}
out=src/test/resources/golden/foreign
mkdir -p "$out"
speech=examples/audio/speech_en_m1_libri_16k.wav
music=examples/audio/music_tabla_lossless_stereo_44k.wav
of() { "$ffmpeg" -nostdin -v error -y -i "$1" -t 1.5 -bitexact "${@:2}"; }
cover() { "$ffmpeg" -nostdin -v error -y -i "$1" -f lavfi -i color=red:s=32x32:d=0.04 -t 0.7 -map 0:a -map 1:v -disposition:v attached_pic -c:v png -bitexact "${@:2}"; }

of $speech -c:a libmp3lame -b:a 48k $out/speech.mp3
of $speech -c:a libopus -b:a 32k $out/speech.opus
of $speech -c:a vorbis -strict -2 -ac 2 $out/speech_vorbis.ogg
of $speech -c:a flac $out/speech_flac.ogg
of $speech -c:a aac -b:a 48k $out/speech_index_last.m4a
of $speech -c:a aac -b:a 48k -movflags +faststart $out/speech_index_first.m4a
of $speech -c:a aac -b:a 48k $out/speech.aac
of $speech $out/speech.aiff
of $speech -c:a libopus -b:a 32k $out/speech.webm
cover $music -c:a libmp3lame -b:a 128k -id3v2_version 3 $out/music_with_cover.mp3
cover $music -c:a alac $out/music_with_cover_index_last.m4a
