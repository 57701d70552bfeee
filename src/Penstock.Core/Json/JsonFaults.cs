using System.Globalization;

namespace Penstock.Json;

/// <param name="Path">Keys from the root, joined by commas: <c>targets,0,provider</c>. Empty: the whole document.</param>
/// <param name="Message">What is wrong and what was expected.</param>
/// <param name="Part">Where; <see cref="JsonText.Locate(JsonPart)"/> gives line and column.</param>
internal sealed record JsonFault(string Path, string Message, JsonPart Part);

/// <summary>Collects every fault of a document, so that its writer sees them all at once.</summary>
internal sealed class JsonFaults
{
    /// <summary>Longer keys are cut: one stands in the path of every fault below it.</summary>
    public const int MaxKeyLength = 200;

    private readonly List<JsonFault> _all = [];

    public IReadOnlyList<JsonFault> All => _all;

    public bool Any => _all.Count > 0;

    public void Add(string path, string message, JsonPart part) => _all.Add(new JsonFault(path, message, part));

    /// <summary>A path one step deeper.</summary>
    public static string Join(string path, string key) => path.Length == 0 ? ShortText.Cut(key, MaxKeyLength) : path + "," + ShortText.Cut(key, MaxKeyLength);

    /// <summary>The path of an item.</summary>
    public static string Join(string path, int index) => Join(path, index.ToString(CultureInfo.InvariantCulture));
}
