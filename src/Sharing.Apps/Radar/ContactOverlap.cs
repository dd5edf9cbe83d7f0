namespace Sharing.Apps;

/// <summary>What two address books have in common.</summary>
/// <param name="Shared">Contacts that are in both, without those that very many hold.</param>
/// <param name="FirstSize">Contacts in the first book.</param>
/// <param name="SecondSize">Contacts in the second.</param>
/// <param name="FirstListsSecond">The first book lists the second person himself.</param>
/// <param name="SecondListsFirst">The second book lists the first person himself.</param>
public readonly record struct ContactOverlap(int Shared, int FirstSize, int SecondSize, bool FirstListsSecond, bool SecondListsFirst);
