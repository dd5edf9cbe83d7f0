namespace HikingClub;

/// <summary>The section "Club" of the configuration.</summary>
sealed class ClubSettings
{
    /// <summary>Where the club keeps its data.</summary>
    public string Data { get; set; } = "club-data";

    /// <summary>The address under which people reach the club, with a slash at its end; a path in it is the path base.</summary>
    public Uri Address { get; set; } = new("http://localhost:5090/");
}
