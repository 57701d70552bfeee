using System.Collections.Concurrent;
using System.Globalization;

namespace Penstock.Simulator.OpenAi;

/// <summary>Files and batches, kept in memory as long as the simulator lives.</summary>
internal sealed class FileStore
{
    private readonly ConcurrentDictionary<string, StoredFile> _files = new();
    private readonly ConcurrentDictionary<string, StoredBatch> _batches = new();
    private int _next;

    public IEnumerable<StoredFile> Files => _files.Values.OrderBy(static file => file.Id, StringComparer.Ordinal);

    public IEnumerable<StoredBatch> Batches => _batches.Values.OrderBy(static batch => batch.Id, StringComparer.Ordinal);

    public StoredFile Add(string name, string purpose, ReadOnlyMemory<byte> content)
    {
        var file = new StoredFile(NextId("file-sim"), name, purpose, content);
        _files[file.Id] = file;
        return file;
    }

    /// <exception cref="RefusedException">Status 404.</exception>
    public StoredFile Find(string id) =>
        _files.TryGetValue(id, out var file) ? file : throw new RefusedException(404, $"No such File object: {id}", "id");

    public void Remove(string id) => _files.TryRemove(Find(id).Id, out _);

    public StoredBatch Add(string endpoint, string inputFileId, string window)
    {
        var batch = new StoredBatch(NextId("batch_sim"), endpoint, inputFileId, window, null, "validating");
        return Keep(batch);
    }

    public StoredBatch Keep(StoredBatch batch) => _batches[batch.Id] = batch;

    /// <exception cref="RefusedException">Status 404.</exception>
    public StoredBatch FindBatch(string id) =>
        _batches.TryGetValue(id, out var batch) ? batch : throw new RefusedException(404, $"No batch found with id '{id}'.", "id");

    private string NextId(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{Interlocked.Increment(ref _next):d6}");
}
