namespace Sharing;

/// <summary>Names a group of somebody's friends.</summary>
/// <param name="Owner">Whose group it is.</param>
/// <param name="Name">What he calls it: 1 to 100 characters, compared as they are.</param>
public readonly record struct GroupName(PersonId Owner, string Name);
