using System.Collections.Concurrent;

namespace Penstock.Config;

/// <summary>
/// Plans of inline configs, found by the config's text. Two generations bound it: when the young one is full it becomes
/// the old one and the old one is forgotten, so what is used stays and an attacker's flood of configs costs a fixed
/// amount of memory.
/// </summary>
internal sealed class PlanCache
{
    private const int MaxEntries = 1024;
    private const int MaxCharacters = 4 << 20;

    /// <summary>A compiled pattern weighs as much as so much text.</summary>
    private const int CharactersPerPattern = 64 << 10;

    private volatile Generation _young = new();
    private volatile Generation _old = new();

    public bool TryGet(string config, out Plan plan)
    {
        if (_young.Plans.TryGetValue(config, out plan!)) return true;
        if (!_old.Plans.TryGetValue(config, out plan!)) return false;
        Add(config, plan);
        return true;
    }

    public void Add(string config, Plan plan)
    {
        var young = _young;
        if (!young.Plans.TryAdd(config, plan)) return;
        var characters = Interlocked.Add(ref young.Characters, config.Length + ((long)plan.Patterns * CharactersPerPattern));
        if (young.Plans.Count <= MaxEntries && characters <= MaxCharacters) return;
        lock (this)
        {
            if (_young != young) return;
            _old = young;
            _young = new Generation();
        }
    }

    private sealed class Generation
    {
        public readonly ConcurrentDictionary<string, Plan> Plans = new(StringComparer.Ordinal);
        public long Characters;
    }
}
