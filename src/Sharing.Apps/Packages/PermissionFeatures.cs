namespace Sharing.Apps;

/// <summary>What a permission says about the hardware that an app expects.</summary>
static class PermissionFeatures
{
    const string Permission = "android.permission.", Hardware = "android.hardware.";

    public static bool Implies(string permission) => Of(permission, 5).Length > 0;

    public static string[] Of(string permission, int targetSdk) => !permission.StartsWith(Permission, StringComparison.Ordinal) ? [] : permission[Permission.Length..] switch
    {
        "CAMERA" => [Hardware + "camera"],
        "ACCESS_FINE_LOCATION" when targetSdk < 21 => [Hardware + "location", Hardware + "location.gps"],
        "ACCESS_COARSE_LOCATION" when targetSdk < 21 => [Hardware + "location", Hardware + "location.network"],
        "ACCESS_FINE_LOCATION" or "ACCESS_COARSE_LOCATION" or "ACCESS_MOCK_LOCATION" or "ACCESS_LOCATION_EXTRA_COMMANDS" or "INSTALL_LOCATION_PROVIDER" => [Hardware + "location"],
        "BLUETOOTH" or "BLUETOOTH_ADMIN" when targetSdk > 4 => [Hardware + "bluetooth"],
        "RECORD_AUDIO" => [Hardware + "microphone"],
        "ACCESS_WIFI_STATE" or "CHANGE_WIFI_STATE" or "CHANGE_WIFI_MULTICAST_STATE" => [Hardware + "wifi"],
        "CALL_PHONE" or "CALL_PRIVILEGED" or "MODIFY_PHONE_STATE" or "PROCESS_OUTGOING_CALLS" or "READ_SMS" or "RECEIVE_SMS" or "RECEIVE_MMS" or "RECEIVE_WAP_PUSH" or "SEND_SMS"
            or "WRITE_APN_SETTINGS" or "WRITE_SMS" => [Hardware + "telephony"],
        _ => [],
    };
}
