namespace HikingClub;

/// <summary>A few members and tours, so that there is something to look at. The password of each is his handle.</summary>
static class Demo
{
    public static async Task FillAsync(Members members, Tours tours, CancellationToken cancellationToken)
    {
        if ((await tours.ListAsync(cancellationToken)).Count > 0)
        {
            return;
        }

        foreach (var (handle, name) in new[] { ("anna", "Anna Berg"), ("ben", "Ben Talbot"), ("carla", "Carla Ruiz"), ("dev", "Dev Patel") })
        {
            await members.JoinAsync(handle, name, handle);
        }

        await members.BefriendAsync("anna", "ben", true);
        await members.BefriendAsync("carla", "anna", true);
        await members.FollowAsync("dev", "anna", true);
        await tours.AddAsync(1, "anna", "Round the Blue Lake", new(2026, 5, 17), 14.2, 640);
        await tours.AddAsync(2, "ben", "Eagle Ridge at sunrise", new(2026, 6, 7), 18.9, 1240);
        await tours.AddAsync(3, "carla", "Old Salt Road to the pass", new(2026, 6, 28), 22.5, 980);
        await tours.AddAsync(4, "anna", "Three Huts, two days", new(2026, 7, 12), 31.0, 2110);
    }
}
