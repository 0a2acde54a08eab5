package io.varve.retention;

/**
 * Removes more than the rules of {@link Keep} would, oldest first, while space is short.
 *
 * @param minFreePercent the share of free space, 0 to 100, below which snapshots give way
 * @param floor what stays however short space is; the newest snapshot and protected ones stay besides
 */
public record SpaceRule(int minFreePercent, Keep floor) {
    public SpaceRule {
        if (minFreePercent < 0 || minFreePercent > 100) {
            throw Refusal.invalid("minFreePercent is " + minFreePercent + "; it is a percentage, 0 to 100");
        }
    }
}
