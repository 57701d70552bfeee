using Penstock.Json;

namespace Penstock.Dialects;

/// <summary>
/// For streams whose dialect we do not know: any data is content, any clean end is an end. Only the first event may
/// be an error; later ones could mean anything.
/// </summary>
internal sealed class PlainStreamWatcher : StreamWatcher
{
    private bool _isPastFirst;

    public PlainStreamWatcher() => IsComplete = true;

    public override void OnEvents(ReadOnlySpan<byte> wholeEvents)
    {
        if (_isPastFirst) return;
        foreach (var @event in new SseEvents(wholeEvents))
        {
            _isPastFirst = true;
            if (@event.Name.SequenceEqual("error"u8) || ErrorMember.IsIn(@event.Data)) Error = @event.Data.ToArray();
            else HasContent = true;
            return;
        }
    }
}
