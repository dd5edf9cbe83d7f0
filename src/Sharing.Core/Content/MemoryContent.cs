namespace Sharing.Core;

/// <summary>The two areas of one content in memory.</summary>
sealed class MemoryContent
{
    readonly SparseBytes _data = new(65_536);
    readonly SparseBytes _groups = new(4_096);

    public SparseBytes this[ContentArea area] => area switch
    {
        ContentArea.Data => _data,
        ContentArea.Groups => _groups,
        _ => throw new ArgumentOutOfRangeException(nameof(area), area, "There is no such area."),
    };

    /// <summary>While it is partial: when it was touched last.</summary>
    public DateTimeOffset Touched { get; set; }

    public void Cut(ContentInfo info)
    {
        _data.Cut(info.Length);
        _groups.Cut(ContentLayout.AreaLength(ContentArea.Groups, info.Length));
    }
}
