package dev.phasor.web.audio;

import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Shortens a report to fit a header for any number of items: proxies and clients refuse headers of more than 4 to 16
 * KiB.
 */
final class ReportHeader {

    /** A longer list of figures, one per item, is replaced by its count, mean, minimum and maximum. */
    static final int LONGEST_LIST = 32;

    private ReportHeader() {}

    static Map<String, Object> of(Map<String, Object> report) {
        Map<String, Object> header = new LinkedHashMap<>(report);
        header.replaceAll((name, value) ->
                value instanceof List<?> list && list.size() > LONGEST_LIST && list.get(0) instanceof Number
                        ? summary(list)
                        : value);
        return header;
    }

    private static Map<String, Object> summary(List<?> figures) {
        DoubleSummaryStatistics statistics = figures.stream()
                .mapToDouble(figure -> ((Number) figure).doubleValue())
                .summaryStatistics();
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("count", statistics.getCount());
        summary.put("mean", statistics.getAverage());
        summary.put("min", statistics.getMin());
        summary.put("max", statistics.getMax());
        return summary;
    }
}
