using Sharing.Core;

namespace Sharing.Offline;

/// <summary>A place in a list that is newest first: the last key parts of an entry, after which the next page begins.</summary>
/// <param name="Order">The entry's time, in the form that sorts the newest first.</param>
/// <param name="Id">The entry.</param>
readonly record struct PagePlace(string Order, string Id) : IComparable<PagePlace>
{
    /// <summary>Of an entry whose key ends with a time and an id.</summary>
    public static PagePlace Of(RecordKey key) => new(key.Part(1), key.Part(2));

    public int CompareTo(PagePlace other) => string.CompareOrdinal(Order, other.Order) is var order and not 0
        ? order
        : string.CompareOrdinal(Id, other.Id);
}
