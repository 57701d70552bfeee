namespace Penstock.Hosting;

/// <summary>Counts running requests, and says when they should end.</summary>
internal sealed class Drain : IDisposable
{
    private readonly CancellationTokenSource _cut = new();
    private int _running;

    public bool IsDraining { get; private set; }

    public CancellationToken CutToken => _cut.Token;

    public void Enter() => Interlocked.Increment(ref _running);

    public void Leave() => Interlocked.Decrement(ref _running);

    public void Dispose() => _cut.Dispose();
}
