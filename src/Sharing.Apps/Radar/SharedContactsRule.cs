namespace Sharing.Apps;

/// <summary>Friends are those who have at least so many contacts in common and, if the host wants it, list each other.</summary>
/// <param name="least">Contacts in common.</param>
/// <param name="mutual">Whether each must have the other in his book, too: then nobody learns of a stranger by putting two numbers into his own.</param>
public sealed class SharedContactsRule(int least = 2, bool mutual = false) : IFriendRule
{
    /// <inheritdoc/>
    public int LeastShared => least;

    /// <summary>Whether each must have the other in his book.</summary>
    public bool IsMutual => mutual;

    /// <inheritdoc/>
    public bool AreFriends(in ContactOverlap overlap) => !mutual || (overlap.FirstListsSecond && overlap.SecondListsFirst);
}
