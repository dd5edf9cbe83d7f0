namespace Sharing.Messaging;

/// <summary>A part of a catalogue.</summary>
/// <param name="Items">The newest first.</param>
/// <param name="Next">Where to go on; <c>null</c>: that was all.</param>
public sealed record CatalogPage(IReadOnlyList<CatalogItem> Items, string? Next = null);
