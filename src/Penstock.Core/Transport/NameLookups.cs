using System.Net;

namespace Penstock.Transport;

/// <summary>
/// Looks names up: a few at a time, each name once however many wait for it. The resolver cannot be interrupted, so whoever
/// gives up leaves a look-up behind that still counts; one that has not begun and that nobody waits for any more never does.
/// </summary>
/// <param name="atOnce">How many may run.</param>
/// <param name="atOncePerDomain">How many of them below one domain: its slow server must leave room for others.</param>
internal sealed class NameLookups(INetwork network, int atOnce, int atOncePerDomain)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Lookup> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _runningByDomain = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Lookup> _waiting = [];
    private int _running;

    /// <exception cref="OperationCanceledException">The caller waits no longer.</exception>
    public async Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var lookup = Join(name, out var begins);
        if (begins) _ = RunAsync(lookup);
        try
        {
            return await lookup.Addresses.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            Leave(lookup);
        }
    }

    private Lookup Join(string name, out bool begins)
    {
        lock (_lock)
        {
            begins = false;
            if (!_byName.TryGetValue(name, out var lookup))
            {
                lookup = new Lookup(name, DomainOf(name));
                _byName.Add(name, lookup);
                begins = TryBegin(lookup);
                if (!begins) _waiting.Add(lookup);
            }

            lookup.Waiters++;
            return lookup;
        }
    }

    private void Leave(Lookup lookup)
    {
        lock (_lock)
        {
            if (--lookup.Waiters == 0 && _waiting.Remove(lookup)) _byName.Remove(lookup.Name);
        }
    }

    /// <summary>Under the lock.</summary>
    private bool TryBegin(Lookup lookup)
    {
        var ofDomain = _runningByDomain.GetValueOrDefault(lookup.Domain);
        if (_running == atOnce || ofDomain == atOncePerDomain) return false;
        _running++;
        _runningByDomain[lookup.Domain] = ofDomain + 1;
        return true;
    }

    private async Task RunAsync(Lookup lookup)
    {
        IPAddress[] addresses = [];
        Exception? failure = null;
        try
        {
            addresses = await network.ResolveAsync(lookup.Name);
        }
        catch (Exception e)
        {
            failure = e;
        }

        var next = Finish(lookup);
        if (failure is null) lookup.Addresses.SetResult(addresses);
        else lookup.Addresses.SetException(failure);
        _ = lookup.Addresses.Task.Exception; // seen, even when everybody has left
        if (next is not null) _ = RunAsync(next);
    }

    /// <returns>The look-up that begins in its place, or null: one end makes room for one.</returns>
    private Lookup? Finish(Lookup lookup)
    {
        lock (_lock)
        {
            _byName.Remove(lookup.Name);
            _running--;
            if (--_runningByDomain[lookup.Domain] == 0) _runningByDomain.Remove(lookup.Domain);
            var at = _waiting.FindIndex(TryBegin);
            if (at < 0) return null;
            var next = _waiting[at];
            _waiting.RemoveAt(at);
            return next;
        }
    }

    /// <summary>The last two labels: near enough to what one owner has.</summary>
    private static string DomainOf(string name)
    {
        var last = name.LastIndexOf('.');
        var before = last > 0 ? name.LastIndexOf('.', last - 1) : -1;
        return name[(before + 1)..];
    }

    private sealed class Lookup(string name, string domain)
    {
        public string Name { get; } = name;

        public string Domain { get; } = domain;

        /// <summary>Those who wait go on in the pool and not on the resolver's thread.</summary>
        public TaskCompletionSource<IPAddress[]> Addresses { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Waiters { get; set; }
    }
}
