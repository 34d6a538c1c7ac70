# Draws benchmarks/quality.csv: spectral convergence against iterations, mean over the recordings, one line an algorithm.
set datafile separator ","
set terminal svg size 760,460 font "sans-serif,13" background "white" dynamic
set logscale x 2
set xtics ("4" 4, "16" 16, "32" 32, "64" 64, "100" 100, "200" 200)
set xlabel "iterations"
set ylabel "spectral convergence, dB (lower is better)"
set grid ytics lc rgb "#dddddd"
set key outside right top
algorithms = "auto raar admm agla fast_griffinlim difference_map griffinlim"
colours = "#d62728 #9467bd #8c564b #1f77b4 #17becf #ff7f0e #7f7f7f"
means(setting, kind, algorithm) = sprintf("< awk -F, '$1 == \"%s\" && $2 == \"%s\" && $3 == \"%s\" {sum[$4] += $6; n[$4]++} END {for (i in n) print i \",\" sum[i] / n[i]}' benchmarks/quality.csv | sort -n", setting, kind, algorithm)
do for [picture in "S1-consistent S1-masked S1-stretched S2-consistent S3-consistent"] {
  setting = picture[1:2]
  kind = picture[4:*]
  set output "docs/quality-" . picture . ".svg"
  set title setting . ", " . kind . " magnitudes, all from PGHI"
  plot for [i=1:words(algorithms)] means(setting, kind, word(algorithms, i)) using 1:2 with linespoints pt 7 ps 0.5 \
    lw (i == 1 ? 3 : 1.5) lc rgb word(colours, i) title word(algorithms, i) noenhanced
}
set output
